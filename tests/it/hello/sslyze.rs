//! The survey beside sslyze, field by field, against the same servers.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::Value;
use xuncha_net::{Survey, hello::Protocol};
use xuncha_probe::certificate;

use super::{patient, picked, versions};
use crate::{
    now,
    support::programs::{Program, certificate as made, openssl},
};

/// What sslyze calls the results of a protocol.
const PROTOCOLS: [(&str, Protocol); 5] = [
    ("ssl_3_0_cipher_suites", Protocol::Ssl3),
    ("tls_1_0_cipher_suites", Protocol::Tls10),
    ("tls_1_1_cipher_suites", Protocol::Tls11),
    ("tls_1_2_cipher_suites", Protocol::Tls12),
    ("tls_1_3_cipher_suites", Protocol::Tls13),
];

/// Where tests/run installs it; SSLYZE names another place.
fn program() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/sslyze/bin/sslyze");
    let program = env::var_os("SSLYZE").map_or(usual, PathBuf::from);
    assert!(program.exists(), "{} is not there: tests/run installs it", program.display());
    program
}

/// What sslyze says of a port, and how long it took.
fn sslyze(server: &Program) -> (Value, u128) {
    let out = server.folder.path().join("sslyze.json");
    let began = Instant::now();
    let status = Command::new(program())
        .arg(format!("--json_out={}", out.display()))
        .args(["--sni=www.site.test", "--mozilla_config=disable"])
        .args(["--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3"])
        .args(["--certinfo", "--compression", "--reneg", "--ems", "--elliptic_curves"])
        .arg(format!("127.0.0.2:{}", server.port))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "sslyze ended with {status}");
    let report: Value =
        serde_json::from_str(&numbers_cut(&fs::read_to_string(out).unwrap())).unwrap();
    (report["server_scan_results"][0]["scan_result"].clone(), began.elapsed().as_millis())
}

/// The accepted suites of a protocol, as sslyze names them, with their ephemeral keys.
fn accepted(report: &Value, part: &str) -> Vec<Value> {
    let result = &report[part]["result"];
    assert!(result.is_object(), "sslyze has no {part}: {}", report[part]);
    result["accepted_cipher_suites"].as_array().unwrap().clone()
}

/// Serial numbers and moduli are written as numbers no parser holds: they are cut to a few digits.
fn numbers_cut(json: &str) -> String {
    let mut digits = 0;
    let kept = json.chars().filter(|c| {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= 15
    });
    kept.collect()
}

fn fingerprints(deployment: &Value) -> Vec<String> {
    let chain = deployment["received_certificate_chain"].as_array().unwrap();
    let print = |one: &Value| {
        let bytes = openssl::base64::decode_block(one["fingerprint_sha256"].as_str().unwrap());
        bytes.unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
    };
    chain.iter().map(print).collect()
}

/// Everything both say.
async fn compare(server: &Program) -> Survey {
    let survey = patient(server.port).await;
    let (report, _) = sslyze(server);
    assert!(survey.complete, "{} connections", survey.connections);
    let mut smallest = 0;
    let mut supported = Vec::new();
    for (part, protocol) in PROTOCOLS {
        let theirs = accepted(&report, part);
        let name = |suite: &Value| suite["cipher_suite"]["name"].as_str().unwrap().to_owned();
        let names: BTreeSet<_> = theirs.iter().map(name).collect();
        let ours: BTreeSet<_> = match names.is_empty() {
            true => BTreeSet::new(),
            false => picked(&survey, protocol).into_iter().map(str::to_owned).collect(),
        };
        assert_eq!(ours, names, "{}", protocol.name());
        if !names.is_empty() {
            supported.push(protocol.name());
        }
        for key in theirs.iter().map(|suite| &suite["ephemeral_key"]) {
            let bits = key["size"].as_u64().unwrap_or_default();
            if key["type_name"] == "DH" && (smallest == 0 || bits < smallest) {
                smallest = bits;
            }
        }
    }
    assert_eq!(versions(&survey), supported);
    assert_eq!(u64::from(survey.dh_bits), smallest, "Diffie-Hellman bits");
    let result = |part: &str, field: &str| report[part]["result"][field].as_bool().unwrap();
    assert_eq!(survey.compression, result("tls_compression", "supports_compression"));
    let secure = result("session_renegotiation", "supports_secure_renegotiation");
    assert_eq!(survey.secure_renegotiation, secure);
    let master = result("tls_extended_master_secret", "supports_ems_extension");
    assert_eq!(survey.extended_master_secret, master);
    let curves = report["elliptic_curves"]["result"]["supported_curves"].as_array();
    let curves: BTreeSet<_> =
        curves.into_iter().flatten().filter_map(|curve| curve["name"].as_str()).collect();
    for group in &survey.groups {
        let theirs = match group.as_str() {
            "x25519" => "X25519",
            "secp256r1" => "prime256v1",
            other => other,
        };
        assert!(curves.contains(theirs), "{group} in {curves:?}");
    }
    let info = &report["certificate_info"]["result"];
    let deployment = &info["certificate_deployments"][0];
    let address = survey.address.to_string();
    let print = |der: &Vec<u8>| certificate::facts(der, 0, &address, now()).unwrap().sha256;
    let ours: Vec<_> = survey.chain.iter().map(print).collect();
    assert_eq!(ours, fingerprints(deployment));
    assert_eq!(survey.ocsp_stapled, !deployment["ocsp_response"].is_null());
    let unnamed = &info["certificate_deployment_with_sni_disabled"];
    let ours: Vec<_> = survey.without_name.as_ref().unwrap().chain.iter().map(print).collect();
    assert_eq!(ours, fingerprints(unnamed));
    survey
}

#[tokio::test]
async fn nginx_as_it_comes() {
    compare(&Program::nginx("ssl_protocols TLSv1.2 TLSv1.3;")).await;
}

#[tokio::test]
async fn nginx_with_old_protocols_weak_primes_and_a_stapled_answer() {
    let folder = made(&["rsa:2048"]);
    openssl(folder.path(), &["dhparam", "-dsaparam", "-out", "dh.pem", "1024"]);
    openssl(folder.path(), &["x509", "-in", "cert.pem", "-serial", "-noout", "-out", "serial"]);
    let serial = fs::read_to_string(folder.path().join("serial")).unwrap();
    let serial = serial.trim().trim_start_matches("serial=");
    let index = format!("V\t351231235959Z\t\t{serial}\tunknown\t/CN=www.site.test\n");
    fs::write(folder.path().join("index"), index).unwrap();
    let mut arguments = vec!["ocsp", "-index", "index", "-CA", "cert.pem", "-rsigner", "cert.pem"];
    arguments.extend(["-rkey", "key.pem", "-issuer", "cert.pem", "-cert", "cert.pem"]);
    arguments.extend(["-ndays", "3", "-respout", "ocsp.der", "-noverify"]);
    openssl(folder.path(), &arguments);
    let at = folder.path().display();
    let lines = format!(
        "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_dhparam {at}/dh.pem;
         ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA:AES128-SHA:@SECLEVEL=0;
         ssl_stapling on; ssl_stapling_file {at}/ocsp.der;"
    );
    let server = Program::nginx_with(folder, &lines);
    let survey = compare(&server).await;
    assert_eq!((survey.dh_bits, survey.ocsp_stapled), (1024, true));
    assert_eq!(versions(&survey), ["TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"]);
}

#[tokio::test]
async fn openssl_without_encryption_or_authentication() {
    let suites = "NULL-SHA256:AECDH-AES128-SHA:ECDHE-RSA-AES256-SHA384:@SECLEVEL=0";
    compare(&Program::s_server(&["-tls1_2", "-cipher", suites])).await;
}

#[tokio::test]
async fn nothing_but_tls13() {
    compare(&Program::nginx("ssl_protocols TLSv1.3;")).await;
}

#[tokio::test]
async fn a_small_part_of_the_time() {
    let server = Program::nginx("ssl_protocols TLSv1.2 TLSv1.3;");
    let (_, theirs) = sslyze(&server);
    let mut fastest = u128::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        patient(server.port).await;
        fastest = fastest.min(began.elapsed().as_millis());
    }
    // an optimised build takes a fiftieth; this one runs unoptimised, beside other tests
    assert!(fastest * 10 <= theirs, "{fastest} ms, sslyze {theirs} ms");
}
