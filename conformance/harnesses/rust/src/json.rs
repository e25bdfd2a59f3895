// SPDX-License-Identifier: MIT
//! As much of JSON as the protocol has: its numbers are whole.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// As it was written, so that a call is repeated as it came.
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

static NULL: Value = Value::Null;

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(text.to_string())
    }

    pub fn number(number: i64) -> Value {
        Value::Number(number.to_string())
    }

    pub fn object(members: Vec<(&str, Value)>) -> Value {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    /// The same object with one member more.
    pub fn with(&self, name: &str, value: Value) -> Value {
        let mut members = match self {
            Value::Object(members) => members.clone(),
            _ => Vec::new(),
        };
        members.push((name.to_string(), value));
        Value::Object(members)
    }

    /// A member of an object; null where there is none.
    pub fn get(&self, name: &str) -> &Value {
        match self {
            Value::Object(members) => members.iter().find(|(one, _)| one == name).map_or(&NULL, |(_, value)| value),
            _ => &NULL,
        }
    }

    /// The items of a list; none of what is no list.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.parse().ok(),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Value::Null => to.write_str("null"),
            Value::Bool(value) => write!(to, "{value}"),
            Value::Number(number) => to.write_str(number),
            Value::Text(text) => write_text(to, text),
            Value::List(items) => {
                to.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(to, "{}{item}", if at == 0 { "" } else { "," })?;
                }
                to.write_str("]")
            }
            Value::Object(members) => {
                to.write_str("{")?;
                for (at, (name, value)) in members.iter().enumerate() {
                    to.write_str(if at == 0 { "" } else { "," })?;
                    write_text(to, name)?;
                    write!(to, ":{value}")?;
                }
                to.write_str("}")
            }
        }
    }
}

fn write_text(to: &mut fmt::Formatter, text: &str) -> fmt::Result {
    to.write_str("\"")?;
    for one in text.chars() {
        match one {
            '"' => to.write_str("\\\"")?,
            '\\' => to.write_str("\\\\")?,
            one if (one as u32) < 0x20 => write!(to, "\\u{:04x}", one as u32)?,
            one => write!(to, "{one}")?,
        }
    }
    to.write_str("\"")
}

/// Read a whole line.
pub fn parse(line: &str) -> Result<Value, String> {
    let mut input = Input { rest: line.chars().peekable() };
    let value = input.value()?;
    input.blanks();
    match input.rest.next() {
        None => Ok(value),
        Some(more) => Err(format!("{more:?} after the value")),
    }
}

struct Input<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Input<'_> {
    fn blanks(&mut self) {
        while self.rest.next_if(|one| one.is_ascii_whitespace()).is_some() {}
    }

    fn next(&mut self) -> Result<char, String> {
        self.rest.next().ok_or_else(|| "the line ends too early".to_string())
    }

    fn expect(&mut self, due: char) -> Result<(), String> {
        match self.next()? {
            one if one == due => Ok(()),
            one => Err(format!("expected {due:?}, came {one:?}")),
        }
    }

    fn value(&mut self) -> Result<Value, String> {
        self.blanks();
        match self.rest.peek() {
            Some('{') => self.object(),
            Some('[') => self.list(),
            Some('"') => Ok(Value::Text(self.text()?)),
            Some('t') => self.word("true", Value::Bool(true)),
            Some('f') => self.word("false", Value::Bool(false)),
            Some('n') => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for due in word.chars() {
            self.expect(due)?;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, String> {
        let mut text = String::new();
        while let Some(one) = self.rest.next_if(|one| one.is_ascii_digit() || "+-.eE".contains(*one)) {
            text.push(one);
        }
        match text.parse::<f64>() {
            Ok(_) => Ok(Value::Number(text)),
            Err(_) => Err(format!("expected a value, came {:?}", self.rest.peek())),
        }
    }

    fn text(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Ok(text),
                '\\' => text.push(self.escaped()?),
                one => text.push(one),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        match self.next()? {
            'n' => Ok('\n'),
            't' => Ok('\t'),
            'r' => Ok('\r'),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'u' => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return Ok(char::from_u32(first).unwrap_or('\u{fffd}'));
                }
                self.expect('\\')?;
                self.expect('u')?;
                let second = self.unit()?;
                let whole = 0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff);
                Ok(char::from_u32(whole).unwrap_or('\u{fffd}'))
            }
            one => Ok(one),
        }
    }

    fn unit(&mut self) -> Result<u32, String> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.next()?;
            unit = unit * 16 + digit.to_digit(16).ok_or_else(|| format!("{digit:?} is no hexadecimal digit"))?;
        }
        Ok(unit)
    }

    fn list(&mut self) -> Result<Value, String> {
        self.expect('[')?;
        let mut items = Vec::new();
        self.blanks();
        if self.rest.next_if_eq(&']').is_some() {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            match self.next()? {
                ',' => {}
                ']' => return Ok(Value::List(items)),
                one => return Err(format!("expected ',' or ']', came {one:?}")),
            }
        }
    }

    fn object(&mut self) -> Result<Value, String> {
        self.expect('{')?;
        let mut members = Vec::new();
        self.blanks();
        if self.rest.next_if_eq(&'}').is_some() {
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            let name = self.text()?;
            self.blanks();
            self.expect(':')?;
            members.push((name, self.value()?));
            self.blanks();
            match self.next()? {
                ',' => {}
                '}' => return Ok(Value::Object(members)),
                one => return Err(format!("expected ',' or '}}', came {one:?}")),
            }
        }
    }
}
