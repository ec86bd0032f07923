//! Files: names that any file system takes, and writes that replace all or nothing.
