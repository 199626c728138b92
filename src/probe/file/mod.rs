//! A file to download: its text is taken out by somebody else, and looked through here.

use xuncha_model::facts::FileFacts;

use crate::unpack::Unpacker;

/// A file as it was fetched.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its address.
    pub url: &'a url::Url,
    /// The name that the answer gives it (`Content-Disposition`); empty where it gives none.
    pub name: &'a str,
    /// The whole of it.
    pub body: &'a [u8],
}

/// What a file holds that it should not.
pub async fn facts(file: &File<'_>, unpacker: &dyn Unpacker) -> FileFacts {
    let _ = (file, unpacker);
    FileFacts::default()
}
