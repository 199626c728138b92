//! A zip archive: its members are unpacked in memory, one after the other, within caps.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::{
    haul::{Haul, MEMBER, Why},
    text,
};

/// How many times larger a member may be than it is packed; spreadsheets of one repeated row come to 100.
const RATIO: u64 = 200;
/// Below this the ratio says nothing.
const FLOOR: u64 = 1 << 20;
/// Members of one archive that are looked at.
const MEMBERS: usize = 10_000;
/// What is unpacked at a time.
const STEP: usize = 64 << 10;

/// A zip archive in memory.
pub(crate) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// In the order of the archive.
    pub(crate) members: Vec<Member>,
    /// It has more of them.
    pub(crate) more: bool,
}

/// A member as the archive tells of it; nothing of this is true.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    index: usize,
    /// With its folders; never used as a path.
    pub(crate) name: String,
    /// A password is needed.
    pub(crate) encrypted: bool,
    packed: u64,
}

impl<'b> Archive<'b> {
    /// `None`: it is none, or damaged.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Self> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let most = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut members = Vec::new();
        for index in 0..zip.len().min(MEMBERS) {
            let Ok(member) = zip.by_index_raw(index) else { continue };
            if member.is_dir() {
                continue;
            }
            let name = text::name(member.name_raw());
            let packed = member.compressed_size().min(most);
            members.push(Member { index, name, encrypted: member.encrypted(), packed });
        }
        let more = zip.len() > MEMBERS;
        Some(Self { zip, members, more })
    }

    /// There is a member of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    /// Some member's name begins so.
    pub(crate) fn has_in(&self, folder: &str) -> bool {
        self.members.iter().any(|member| member.name.starts_with(folder))
    }

    /// The members whose names begin and end so, in the order of the numbers in their names.
    pub(crate) fn under(&self, folder: &str, ending: &str) -> Vec<Member> {
        let ours =
            |member: &&Member| member.name.starts_with(folder) && member.name.ends_with(ending);
        let mut found: Vec<_> = self.members.iter().filter(ours).cloned().collect();
        found.sort_by_cached_key(|member| (number(&member.name), member.name.clone()));
        found
    }

    /// A member by its name.
    pub(crate) fn member(&self, name: &str) -> Option<Member> {
        self.members.iter().find(|member| member.name == name).cloned()
    }

    /// Unpacks a member.
    pub(crate) fn read(&mut self, member: &Member, haul: &mut Haul) -> Result<Vec<u8>, Why> {
        let mut whole = Vec::new();
        self.unpack(member, haul, |step| whole.extend_from_slice(step))?;
        Ok(whole)
    }

    /// Unpacks a member and keeps nothing: whether it may be given to a reader that knows no caps.
    pub(crate) fn check(&mut self, member: &Member, haul: &mut Haul) -> Result<(), Why> {
        self.unpack(member, haul, |_| ())
    }

    fn unpack(
        &mut self,
        member: &Member,
        haul: &mut Haul,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), Why> {
        haul.member()?;
        if member.encrypted {
            return Err(Why::Encrypted);
        }
        let mut reader = self.zip.by_index(member.index).map_err(|error| match error {
            zip::result::ZipError::CompressionMethodNotSupported(_) => Why::Unknown,
            _ => Why::Damaged,
        })?;
        let most = MEMBER.min(haul.bytes());
        let mut step = vec![0; STEP];
        let mut size = 0_u64;
        loop {
            let read = match reader.read(&mut step) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(_) => return Err(Why::Damaged),
            };
            let read_64 = u64::try_from(read).unwrap_or(u64::MAX);
            size += read_64;
            haul.unpacked(read_64);
            if size > FLOOR && size > member.packed.saturating_mul(RATIO) {
                return Err(Why::Ratio);
            }
            if size > most {
                return Err(Why::Size);
            }
            if haul.late() {
                return Err(Why::Time);
            }
            take(step.get(..read).unwrap_or_default());
        }
    }
}

/// The last number in a name: `ppt/slides/slide12.xml` is the twelfth.
fn number(name: &str) -> u32 {
    let digits = name.rsplit(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::zip;

    #[test]
    fn a_member_that_swells_is_left() {
        let zeros = vec![0; 4 << 20];
        let noise: Vec<u8> =
            (0..2_u32 << 18).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let bytes = zip(&[("zeros", &zeros), ("noise", &noise)]);
        let mut archive = Archive::open(&bytes).unwrap();
        let mut haul = Haul::new();
        let [zeros, noise] = [0, 1].map(|index| archive.members[index].clone());
        assert_eq!(archive.read(&zeros, &mut haul), Err(Why::Ratio));
        assert_eq!(archive.read(&noise, &mut haul).unwrap().len(), 2 << 20);
    }

    #[test]
    fn members_are_in_the_order_of_their_numbers() {
        let bytes = zip(&[("p/slide10.xml", b"x"), ("p/slide2.xml", b"x"), ("q/slide1.xml", b"x")]);
        let archive = Archive::open(&bytes).unwrap();
        let names: Vec<_> =
            archive.under("p/", ".xml").into_iter().map(|member| member.name).collect();
        assert_eq!(names, ["p/slide2.xml", "p/slide10.xml"]);
        assert!(Archive::open(&bytes[..40]).is_none());
    }
}
