// SPDX-License-Identifier: Apache-2.0
//! Worker (bench/worker.h): implied volatility by the implied-vol crate. bench-implied-rust SAMPLE
//!
//! Jaeckel is its port of Let's Be Rational, Hybrid its default, Experimental a solver of its author's own.
//! The builder is told not to validate the inputs.

use implied_vol::{solver, ImpliedBlackVolatility};
use std::io::{BufRead, Read, Write};

const STRETCH: f64 = 2e-3;

struct Sample {
    rows: usize,
    values: Vec<f64>,
}

impl Sample {
    fn read(path: &str) -> std::io::Result<Sample> {
        let mut file = std::io::BufReader::new(std::fs::File::open(path)?);
        let mut head = String::new();
        file.read_line(&mut head)?;
        let words: Vec<&str> = head.split_whitespace().collect();
        assert!(words.len() == 3 && words[0] == "implied", "{path}: no sample of this task");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let values = bytes.chunks_exact(8).map(|b| f64::from_ne_bytes(b.try_into().unwrap())).collect();
        Ok(Sample { rows: words[1].parse().unwrap(), values })
    }

    fn column(&self, k: usize) -> &[f64] {
        &self.values[k * self.rows..(k + 1) * self.rows]
    }
}

fn run<S: solver::BlackSolver>(sample: &Sample, out: &mut [f64]) {
    let (price, forward, strike) = (sample.column(0), sample.column(1), sample.column(2));
    let (years, right) = (sample.column(3), sample.column(4));
    for i in 0..sample.rows {
        let option = ImpliedBlackVolatility::builder()
            .option_price(price[i])
            .forward(forward[i])
            .strike(strike[i])
            .expiry(years[i])
            .is_call(right[i] > 0.0)
            .build_unchecked();
        out[i] = option.calculate_with::<S>().unwrap_or(f64::NAN);
    }
}

type Run = fn(&Sample, &mut [f64]);

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}

/// Processor time of this process, which the standard library has no name for.
fn processor_time() -> f64 {
    const CLOCK_PROCESS_CPUTIME_ID: i32 = 2;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: the struct is that of 64-bit Linux and lives through the call.
    unsafe { clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.seconds as f64 + 1e-9 * time.nanoseconds as f64
}

fn seconds(run: Run, sample: &Sample, out: &mut [f64], passes: u64) -> f64 {
    let start = processor_time();
    for _ in 0..passes {
        run(sample, out);
        std::hint::black_box(&out);
    }
    processor_time() - start
}

fn main() -> std::io::Result<()> {
    let sample = Sample::read(&std::env::args().nth(1).unwrap_or_default())?;
    let mut out = vec![0.0; sample.rows];
    let offers: [(&str, Run); 3] = [
        ("implied-vol crate, Jaeckel (LetsBeRational)", run::<solver::Jaeckel>),
        ("implied-vol crate, Hybrid (default)", run::<solver::Hybrid>),
        ("implied-vol crate, Experimental", run::<solver::Experimental>),
    ];
    let mut passes = [0u64; 3];
    let mut stdout = std::io::stdout();

    for (name, _) in offers {
        writeln!(stdout, "offer {name}")?;
    }
    writeln!(stdout, "about implied-vol 2.1.0\nready {} 1", sample.rows)?;
    stdout.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let number: usize = words[1].parse().expect("a number");
        let run = offers[number].1;
        match words[0] {
            "time" => {
                seconds(run, &sample, &mut out, 1);
                if passes[number] == 0 {
                    passes[number] = 1;
                    while seconds(run, &sample, &mut out, passes[number]) < STRETCH / 2.0 {
                        passes[number] *= 2;
                    }
                }
                let took = seconds(run, &sample, &mut out, passes[number]);
                writeln!(stdout, "{:.9e}", took / passes[number] as f64 / sample.rows as f64)?;
            }
            "write" => {
                run(&sample, &mut out);
                let bytes: Vec<u8> = out.iter().flat_map(|x| x.to_ne_bytes()).collect();
                std::fs::write(words[2], bytes)?;
                writeln!(stdout, "done")?;
            }
            _ => panic!("not understood: {line}"),
        }
        stdout.flush()?;
    }
    Ok(())
}
