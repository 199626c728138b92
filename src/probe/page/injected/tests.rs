//! What is planted, and what is only talked about.

use super::*;

#[test]
fn the_contexts_can_be_read() {
    assert_eq!(crate::lists::parsed::<context::Written>(context::WRITTEN).err(), None);
    assert!(CONTEXTS.is_some());
}
