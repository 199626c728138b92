//! What the register says of a site, as facts of the day of the look.
