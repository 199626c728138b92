//! Numbers of persons who do not exist, and numbers that only look like theirs.

use super::chance::Chance;

/// A resident identity number (GB 11643) under codes that no county has.
pub(crate) fn id(chance: &mut Chance) -> String {
    let region = chance.pick(&["419002", "419003", "419004", "419005", "419006"]);
    let (year, month, day) =
        (chance.between(1938, 2008), chance.between(1, 12), chance.between(1, 28));
    with_check(&format!("{region}{year}{month:02}{day:02}{}", chance.digits(3)))
}

/// The seventeen digits with the eighteenth character.
pub(crate) fn with_check(body: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(c, by)| c.to_digit(10).unwrap() * by).sum();
    let check = char::from(b"10X98765432"[usize::try_from(sum % 11).unwrap()]);
    format!("{body}{check}")
}

/// Eighteen digits of the form of an identity number whose last is wrong.
pub(crate) fn no_id(chance: &mut Chance) -> String {
    let right = id(chance);
    let last = if right.ends_with('5') { '6' } else { '5' };
    format!("{}{last}", &right[..17])
}

/// A bank card of 19 or 16 digits whose last is right (Luhn).
pub(crate) fn card(chance: &mut Chance) -> String {
    let (bin, length) = match chance.below(6) {
        0 => ("622848", 19),
        1 => ("621700", 19),
        2 => ("622202", 19),
        3 => ("621661", 19),
        4 => ("622991", 19),
        _ => ("622576", 16),
    };
    let body = format!("{bin}{}", chance.digits(length - 7));
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = body
        .chars()
        .rev()
        .enumerate()
        .map(|(at, c)| (at, c.to_digit(10).unwrap()))
        .map(|(at, digit)| if at % 2 == 0 { doubled(digit) } else { digit })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A mobile number.
pub(crate) fn phone(chance: &mut Chance) -> String {
    let segment = chance.pick(&[
        "130", "132", "135", "136", "137", "138", "139", "150", "152", "156", "158", "166", "173",
        "177", "180", "183", "186", "188", "189", "191", "199",
    ]);
    format!("{segment}{}", chance.digits(8))
}

/// A fixed line of the invented city.
pub(crate) fn landline(chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => format!("0399-{}{}", chance.between(2, 8), chance.digits(6)),
        1 => format!("0399－{}{}", chance.between(2, 8), chance.digits(6)),
        _ => format!("{}{}", chance.between(2, 8), chance.digits(6)),
    }
}

/// A unified social credit code (GB 32100).
pub(crate) fn credit_code(chance: &mut Chance) -> String {
    const SET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let kind = chance.pick(&["91", "92", "11", "12", "51", "93"]);
    let mut body = format!("{kind}4199{}", chance.pick(&["00", "02", "21", "22", "23"]));
    // many are digits throughout, and look like numbers of persons
    let letters = !chance.once_in(3);
    while body.len() < 17 {
        let end = if letters { SET.len() } else { 10 };
        body.push(char::from(SET[chance.below(end)]));
    }
    let value = |c: u8| SET.iter().position(|known| *known == c).unwrap();
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(c, by)| value(c) * by).sum();
    format!("{body}{}", char::from(SET[(31 - sum % 31) % 31]))
}

/// A number as the rules want it: the first and the last digits alone.
pub(crate) fn masked(number: &str, first: usize, last: usize) -> String {
    let stars = "*".repeat(number.len() - first - last);
    format!("{}{stars}{}", &number[..first], &number[number.len() - last..])
}

/// With digits of full width.
pub(crate) fn full_width(number: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
    number.chars().map(wide).collect()
}

/// Groups of digits with something between.
pub(crate) fn grouped(number: &str, sizes: &[usize], between: &str) -> String {
    let mut groups = Vec::new();
    let mut rest = number;
    for size in sizes {
        let (group, tail) = rest.split_at((*size).min(rest.len()));
        groups.push(group);
        rest = tail;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.join(between)
}

#[test]
fn the_numbers_are_what_they_pretend_to_be() {
    assert_eq!(with_check("11010519491231002"), "11010519491231002X");
    assert_eq!(grouped("41990219", &[6], " "), "419902 19");
    assert_eq!(full_width("1X"), "１Ｘ");
    let chance = &mut Chance::new(1);
    let id = id(chance);
    assert_eq!(with_check(&id[..17]), id);
    assert_ne!(no_id(chance), with_check(&no_id(&mut Chance::new(2))[..17]));
    assert!([16, 19].contains(&card(chance).len()) && credit_code(chance).len() == 18);
}
