//! Empty on purpose: the tests are in `it/`.
