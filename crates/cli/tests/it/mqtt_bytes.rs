//! The MQTT packets in one direction of a connection, out of the pieces in which system calls moved its bytes.

/// A piece of the stream.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// Line of the trace at which the call began.
    pub(crate) began: usize,
    /// Line of the trace at which it had returned.
    pub(crate) ended: usize,
}

/// A packet, with when its bytes moved.
#[derive(Debug)]
pub(crate) struct Packet {
    /// First byte of its header.
    pub(crate) head: u8,
    /// What follows the fixed header.
    pub(crate) body: Vec<u8>,
    /// When the call began that moved its first byte.
    pub(crate) began: usize,
    /// When the call had returned that moved its last byte.
    pub(crate) ended: usize,
}

impl Packet {
    /// Packet id of a PUBACK.
    pub(crate) fn acknowledges(&self) -> Option<u16> {
        (self.head == 0x40).then(|| u16::from_be_bytes([self.body[0], self.body[1]]))
    }

    /// Packet id and payload of a PUBLISH at QoS 1.
    pub(crate) fn publishes(&self) -> Option<(u16, &[u8])> {
        if self.head & 0xF6 != 0x32 {
            return None;
        }
        let (topic, rest) = self.body.split_at(2);
        let rest = &rest[usize::from(u16::from_be_bytes([topic[0], topic[1]]))..];
        Some((u16::from_be_bytes([rest[0], rest[1]]), &rest[2..]))
    }
}

/// Cuts a stream into packets. What is cut off at its end is left out.
pub(crate) fn packets(pieces: &[Piece]) -> Vec<Packet> {
    let bytes: Vec<(u8, usize, usize)> =
        pieces.iter().flat_map(|piece| piece.bytes.iter().map(|byte| (*byte, piece.began, piece.ended))).collect();
    let mut packets = Vec::new();
    let mut at = 0;
    while let Some((length, begins)) = remaining_length(&bytes[at..]) {
        let end = at + begins + length;
        let Some(last) = bytes.get(end - 1) else { break };
        packets.push(Packet {
            head: bytes[at].0,
            body: bytes[at + begins..end].iter().map(|(byte, _, _)| *byte).collect(),
            began: bytes[at].1,
            ended: last.2,
        });
        at = end;
    }
    packets
}

/// MQTT 3.1.1, 2.2.3: seven bits a byte, the lowest first; with it where the rest begins.
fn remaining_length(bytes: &[(u8, usize, usize)]) -> Option<(usize, usize)> {
    let mut length = 0;
    for (place, (byte, _, _)) in bytes.iter().skip(1).take(4).enumerate() {
        length |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((length, place + 2));
        }
    }
    None
}

#[test]
fn packets_are_found_across_pieces() {
    let piece = |bytes: &[u8], at| Piece { bytes: bytes.to_vec(), began: at, ended: at + 1 };
    let found = packets(&[piece(&[0x40, 2, 0], 1), piece(&[7, 0x32, 6, 0, 1, b'a', 0, 9, b'x', 0x40], 5)]);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].acknowledges(), found[0].began, found[0].ended), (Some(7), 1, 6));
    assert_eq!(found[1].publishes(), Some((9, &b"x"[..])));
}
