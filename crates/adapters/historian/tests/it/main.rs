//! Tests of the store from outside, on real files.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod full;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod once;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod store;
#[cfg(test)]
mod tables;
