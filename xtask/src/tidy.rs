//! What no compiler and no linter checks, in one pass over the files that git knows.

use std::path::Path;

use anyhow::ensure;

use crate::process::output;
use crate::{layers, root, say};

/// Larger files are printed: a place to look, not a failure.
const LINES_TO_LOOK_AT: usize = 500;

/// Documents that the README and the contributors rely on.
const DOCUMENTS: [&str; 12] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "deny.toml",
    "docs/ARCHITECTURE.md",
    "docs/glossary.md",
    "docs/testing.md",
    "docs/operations.md",
    "docs/adr/README.md",
    "contract/README.md",
];

/// Words that mark unfinished work; written apart, so that this file is not found itself.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("HA", "CK:")];

/// A file that git knows.
struct File {
    path: String,
    text: String,
}

/// All text files that git knows or would add.
fn files() -> anyhow::Result<Vec<File>> {
    let listed = output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(File { path: path.to_owned(), text })
    };
    let mut files: Vec<File> = listed.lines().filter_map(read).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Whether a path ends so.
fn has_ending(path: &str, endings: &[&str]) -> bool {
    Path::new(path).extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
}

/// What is wrong with one file.
fn file_problems(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    let source = has_ending(&file.path, &["rs", "ts", "mjs", "svelte", "py"]);
    if has_ending(&file.path, &["rs"]) && !file.text.starts_with("//!") {
        problems.push(format!("{}: begin with `//!`: what it is", file.path));
    }
    if source {
        for (number, line) in file.text.lines().enumerate() {
            if UNFINISHED.iter().any(|word| line.contains(word)) {
                problems.push(format!("{}:{}: unfinished work belongs into an issue", file.path, number + 1));
            }
        }
    }
    problems.extend(colour_problems(file));
    problems
}

/// Colours stand in `tokens.css` and are named everywhere else.
fn colour_problems(file: &File) -> Vec<String> {
    let exempt = ["ui/src/styles/tokens.css", "ui/e2e/"];
    let applies = file.path.starts_with("ui/src/") && has_ending(&file.path, &["svelte", "css", "ts"]);
    if !applies || file.path.contains(".test.") || exempt.iter().any(|path| file.path.starts_with(path)) {
        return Vec::new();
    }
    let coloured = |line: &&str| {
        line.split('#').skip(1).any(|rest| {
            let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
            let ends =
                rest.chars().nth(digits).is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_');
            matches!(digits, 3 | 4 | 6 | 8)
                && ends
                && rest.chars().take(digits).any(|c| c.is_ascii_digit() || digits >= 6)
        })
    };
    let lines = file.text.lines().enumerate().filter(|(_, line)| coloured(line) && !line.contains("&#"));
    lines
        .map(|(number, line)| format!("{}:{}: a raw colour; name a token: {}", file.path, number + 1, line.trim()))
        .collect()
}

/// Every decision record is listed in the index, and the other way round.
fn decision_problems(files: &[File]) -> Vec<String> {
    let Some(index) = files.iter().find(|file| file.path == "docs/adr/README.md") else { return Vec::new() };
    let records =
        files.iter().filter_map(|file| file.path.strip_prefix("docs/adr/")).filter(|name| *name != "README.md");
    records
        .filter(|name| !index.text.contains(name))
        .map(|name| format!("docs/adr/README.md: does not list {name}"))
        .collect()
}

/// Everything that is wrong.
fn problems() -> anyhow::Result<Vec<String>> {
    let files = files()?;
    ensure!(files.len() > 100, "git names only {} files", files.len());
    let mut problems = layers::problems()?;
    for document in DOCUMENTS {
        if !files.iter().any(|file| file.path == document) {
            problems.push(format!("{document}: missing"));
        }
    }
    problems.extend(files.iter().flat_map(file_problems));
    problems.extend(decision_problems(&files));
    Ok(problems)
}

/// Prints what is wrong and what is large; fails if anything is wrong.
pub(crate) fn run() -> anyhow::Result<()> {
    let problems = problems()?;
    for problem in &problems {
        say(problem);
    }
    let mut large: Vec<(usize, String)> = files()?
        .into_iter()
        .filter(|file| has_ending(&file.path, &["rs", "ts", "svelte", "mjs", "py"]))
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LINES_TO_LOOK_AT)
        .collect();
    large.sort_by(|a, b| b.cmp(a));
    for (lines, path) in large {
        say(&format!("{path}: {lines} lines; is it still one thing?"));
    }
    ensure!(problems.is_empty(), "{} things to mend", problems.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{File, colour_problems, problems};

    #[test]
    fn the_project_is_tidy() {
        let problems = problems().unwrap();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn raw_colours_are_found_and_other_hashes_are_not() {
        let of =
            |text: &str| colour_problems(&File { path: "ui/src/a.svelte".to_owned(), text: text.to_owned() }).len();
        assert_eq!(of("color: #12ab9f;"), 1);
        assert_eq!(of("color: #0af;"), 1);
        assert_eq!(of("href=\"#/trends?machine=3\" {#each list as x} #private"), 0);
    }
}
