//! Growing delay after wrong passphrases.
