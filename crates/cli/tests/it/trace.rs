//! Reads what `strace -f -yy -xx` wrote: calls in the order in which the kernel saw them begin and return.

use std::collections::HashMap;

/// The calls that are traced: all that could read from a socket, write to one or to a file, or sync.
pub(crate) const CALLS: &str =
    "fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,pwritev";

/// Longer texts than any call here moves: the whole of every buffer is wanted.
pub(crate) const TEXT_BYTES: &str = "1048576";

/// A system call that has returned.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// What the file descriptor is: a path, or `TCP:[here->there]`.
    pub(crate) on: String,
    /// All bytes of its buffers, cut to what it moved.
    pub(crate) bytes: Vec<u8>,
    /// What it returned; negative for an error.
    pub(crate) result: i64,
    /// Line at which it began.
    pub(crate) began: usize,
    /// Line at which it had returned.
    pub(crate) ended: usize,
}

/// Reads a trace.
pub(crate) fn calls(trace: &str) -> Vec<Call> {
    let mut unfinished: HashMap<&str, (usize, String)> = HashMap::new();
    let mut calls = Vec::new();
    for (line, text) in trace.lines().enumerate() {
        let Some((thread, text)) = text.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(begin) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(thread, (line, begin.to_owned()));
        } else if let Some((_, rest)) = text.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            let Some((began, begin)) = unfinished.remove(thread) else { continue };
            calls.extend(call(&format!("{begin}{rest}"), began, line));
        } else {
            calls.extend(call(text, line, line));
        }
    }
    calls
}

/// Reads a call: `name(3<what>, "\x..", 4, …) = 4`.
fn call(text: &str, began: usize, ended: usize) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let result: i64 = result.split(' ').next()?.parse().ok()?;
    let on = arguments.split_once('<')?.1;
    // A connection's name has a `>` in it: `TCP:[a->b]`.
    let on = if on.starts_with("TCP") { on.split_once("]>")?.0 } else { on.split_once('>')?.0 };
    let mut bytes: Vec<u8> = arguments.split('"').skip(1).step_by(2).flat_map(unescape).collect();
    bytes.truncate(usize::try_from(result).unwrap_or(0));
    let on = String::from_utf8_lossy(&unescape(on)).into_owned();
    Some(Call { name: name.to_owned(), on, bytes, result, began, ended })
}

/// Undoes `\x41`.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while !rest.is_empty() {
        let escaped = rest.strip_prefix("\\x").and_then(|rest| rest.split_at_checked(2));
        match escaped.and_then(|(digits, after)| Some((u8::from_str_radix(digits, 16).ok()?, after))) {
            Some((byte, after)) => {
                bytes.push(byte);
                rest = after;
            }
            None => {
                let (byte, after) = rest.as_bytes().split_first().map(|(byte, _)| (*byte, &rest[1..])).unwrap();
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

#[test]
fn calls_are_put_together_again() {
    let trace = r#"7 sendto(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, "\x40\x02\x00\x01", 4, 0, NULL, 0 <unfinished ...>
8  fdatasync(6<\x2f\x61\x2d\x77\x61\x6c>) = 0
7 <... sendto resumed>)             = 4
7 writev(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base="\x78", iov_len=1}, {iov_base="\x79\x00", iov_len=2}], 2) = 2
7 recvfrom(4<TCP:[127.0.0.1:1->127.0.0.1:2]>, 0x7f, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
"#;
    let found = calls(trace);
    assert_eq!(found.len(), 4);
    assert_eq!((found[0].name.as_str(), found[0].on.as_str(), found[0].result), ("fdatasync", "/a-wal", 0));
    assert_eq!((found[1].bytes.as_slice(), found[1].began, found[1].ended), (&[0x40, 2, 0, 1][..], 0, 2));
    assert_eq!((found[2].bytes.as_slice(), found[2].on.as_str()), (&b"xy"[..], "TCP:[127.0.0.1:1->127.0.0.1:2"));
    assert_eq!((found[3].bytes.len(), found[3].result), (0, -1));
}
