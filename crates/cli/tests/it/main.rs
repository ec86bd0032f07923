//! `panfloorctl` against a real broker: what is acknowledged is stored, once, and before it is acknowledged.

#[cfg(test)]
mod ctl;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod exactly_once;
#[cfg(test)]
mod mqtt_bytes;
#[cfg(test)]
mod plant;
#[cfg(test)]
mod puback;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod simulate;
#[cfg(test)]
mod trace;
