//! Numbers of people who do not exist, made when they are asked for so that none stands in the data.

/// No county has this code: nobody was ever registered under it.
const REGION: &str = "419002";
/// The bank of the cards.
const BANK: &str = "622848";
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The resident identity number (GB 11643) of somebody.
pub(crate) fn id(number: u32) -> String {
    let (year, month, day) = (1950 + number * 7 % 52, 1 + number * 5 % 12, 1 + number * 11 % 28);
    let body = format!("{REGION}{year}{month:02}{day:02}{:03}", 101 + number * 37 % 800);
    let sum: u32 =
        body.chars().filter_map(|c| c.to_digit(10)).zip(WEIGHTS).map(|(d, w)| d * w).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap_or_default());
    format!("{body}{}", check.unwrap_or_default())
}

/// The bank card of somebody, 19 digits of which the last is right (Luhn).
pub(crate) fn card(number: u32) -> String {
    let body =
        format!("{BANK}{:012}", (u64::from(number) + 17) * 7_654_321_987 % 1_000_000_000_000);
    let digits = body.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match digit * 2 {
            _ if at % 2 == 1 => digit,
            doubled if doubled > 9 => doubled - 9,
            doubled => doubled,
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The mobile number of somebody.
pub(crate) fn phone(number: u32) -> String {
    let segments = ["139", "158", "186", "137", "150"];
    let segment = segments.get(usize::try_from(number % 5).unwrap_or_default());
    format!(
        "{}{:08}",
        segment.unwrap_or(&"139"),
        (u64::from(number) + 31) * 9_731_357 % 100_000_000
    )
}

/// Stars in the place of what lies between the first and the last characters.
pub(crate) fn masked(number: &str, first: usize, last: usize) -> String {
    let hidden = number.len().saturating_sub(first + last);
    let star = |(at, c)| if at >= first && at < first + hidden { '*' } else { c };
    number.chars().enumerate().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_right_and_each_has_his_own() {
        let ids: std::collections::BTreeSet<_> = (0..500).map(id).collect();
        let phones: std::collections::BTreeSet<_> = (0..500).map(phone).collect();
        assert_eq!((ids.len(), phones.len()), (500, 500));
        assert!(
            ids.iter().all(|id| id.len() == 18) && phones.iter().all(|phone| phone.len() == 11)
        );
        // worked out by hand over 41900219500101101
        assert_eq!(id(0), "41900219500101101X");
        assert!((0..50).map(card).all(|card| card.len() == 19 && luhn(&card)));
        assert_eq!(masked("13912345678", 3, 4), "139****5678");
    }

    fn luhn(card: &str) -> bool {
        let digits = card.chars().rev().map(|c| c.to_digit(10).unwrap()).enumerate();
        let sum: u32 =
            digits.map(|(at, d)| if at % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
        sum.is_multiple_of(10)
    }
}
