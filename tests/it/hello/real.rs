//! Surveys of OpenSSL and nginx as Debian ships them.

use std::{fs, time::Instant};

use xuncha_net::{Survey, hello::Protocol};

use super::{offer, patient, picked, survey_of, versions};
use crate::support::{
    config,
    names::Names,
    programs::{Program, certificate, openssl},
};

#[tokio::test]
async fn the_default_of_nginx_is_surveyed_whole() {
    let server = Program::nginx("ssl_protocols TLSv1.2 TLSv1.3;");
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.2", "TLS1.3"]);
    assert!(survey.complete && survey.connections <= 40, "{} connections", survey.connections);
    assert_eq!(survey.alpn, ["http/1.1", "h2"]);
    assert_eq!((survey.dh_bits, survey.groups.clone()), (0, vec!["x25519".to_owned()]));
    assert!(survey.secure_renegotiation && survey.extended_master_secret);
    assert!(!survey.compression && !survey.ocsp_stapled && survey.tlcp.is_err());
    assert!(survey.without_name.as_ref().unwrap().same);
    assert_eq!(offer(&survey, Protocol::Tls13).suites, [0x1301, 0x1302, 0x1303]);
    assert_eq!(offer(&survey, Protocol::Tls12).own_order, Some(false));
    let chain = &survey.chain;
    openssl(server.folder.path(), &["x509", "-in", "cert.pem", "-outform", "DER", "-out", "der"]);
    assert_eq!(chain, &[fs::read(server.folder.path().join("der")).unwrap()]);
}

#[tokio::test]
async fn four_protocols_with_the_suites_of_openssl_are_surveyed_whole() {
    let lines = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers DEFAULT:@SECLEVEL=0;
        ssl_prefer_server_ciphers on;";
    let server = Program::nginx(lines);
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.0", "TLS1.1", "TLS1.2", "TLS1.3"]);
    assert!(survey.complete, "{} connections", survey.connections);
    let old = [0x002F, 0x0035, 0xC013, 0xC014];
    assert_eq!(offer(&survey, Protocol::Tls10).suites, old);
    assert_eq!(offer(&survey, Protocol::Tls11).suites, old);
    assert_eq!(offer(&survey, Protocol::Tls12).suites.len(), 13);
    assert!(survey.offers.iter().all(|offer| offer.own_order == Some(true)));
}

#[tokio::test]
async fn one_suite_with_rsa_key_exchange() {
    let server = Program::s_server(&["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"]);
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.2"]);
    assert_eq!(picked(&survey, Protocol::Tls12), ["TLS_RSA_WITH_AES_128_CBC_SHA"]);
    assert_eq!(offer(&survey, Protocol::Tls12).own_order, None);
    assert!(survey.groups.is_empty() && survey.dh_bits == 0 && survey.complete);
    assert_eq!(survey.chain.len(), 1);
}

#[tokio::test]
async fn nothing_but_tls10() {
    let server = Program::s_server(&["-tls1", "-cipher", "DEFAULT:@SECLEVEL=0", "-serverpref"]);
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.0"]);
    assert!(picked(&survey, Protocol::Tls10).contains(&"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"));
    assert_eq!((survey.chain.len(), survey.complete), (1, true));
    assert_eq!(offer(&survey, Protocol::Tls10).own_order, Some(true));
}

#[tokio::test]
async fn nothing_but_tls13() {
    let server = Program::s_server(&["-tls1_3"]);
    let survey = patient(server.port).await;
    assert_eq!(versions(&survey), ["TLS1.3"]);
    assert_eq!(survey.chain.len(), 1, "the certificate comes enciphered, and is seen all the same");
    assert!(survey.without_name.as_ref().unwrap().same);
    assert!(survey.secure_renegotiation && survey.extended_master_secret && survey.complete);
}

#[tokio::test]
async fn a_prime_of_1024_bits_is_measured() {
    let folder = certificate(&["rsa:2048"]);
    openssl(folder.path(), &["dhparam", "-dsaparam", "-out", "dh.pem", "1024"]);
    let parameters = folder.path().join("dh.pem");
    let lines = format!(
        "ssl_protocols TLSv1.2; ssl_ciphers DHE:@SECLEVEL=0; ssl_dhparam {};",
        parameters.display()
    );
    let server = Program::nginx_with(folder, &lines);
    let survey = patient(server.port).await;
    assert_eq!(survey.dh_bits, 1024);
    assert!(picked(&survey, Protocol::Tls12).contains(&"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"));
}

#[tokio::test]
async fn without_authentication_and_without_encryption() {
    let server = Program::s_server(&["-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"]);
    let survey = patient(server.port).await;
    let anonymous = picked(&survey, Protocol::Tls12);
    assert!(anonymous.contains(&"TLS_ECDH_anon_WITH_AES_128_CBC_SHA"), "{anonymous:?}");
    assert!(anonymous.iter().all(|name| name.contains("_anon_")) && survey.chain.is_empty());
    let server = Program::s_server(&["-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"]);
    let null = patient(server.port).await;
    let null = picked(&null, Protocol::Tls12);
    assert!(null.contains(&"TLS_RSA_WITH_NULL_SHA256"), "{null:?}");
    assert!(null.iter().all(|name| name.contains("_NULL_")), "{null:?}");
}

#[tokio::test]
async fn who_names_no_host_may_see_another_certificate() {
    for version in ["-tls1_2", "-tls1_3"] {
        let folder = certificate(&["rsa:2048"]);
        openssl(
            folder.path(),
            &[
                "req",
                "-x509",
                "-nodes",
                "-newkey",
                "rsa:2048",
                "-keyout",
                "key2.pem",
                "-out",
                "cert2.pem",
                "-subj",
                "/CN=www.site.test",
            ],
        );
        let server = Program::s_server_with(
            folder,
            &[version, "-servername", "www.site.test", "-cert2", "cert2.pem", "-key2", "key2.pem"],
        );
        let unnamed = patient(server.port).await.without_name.unwrap();
        assert!(!unnamed.same && unnamed.chain.len() == 1, "{version}");
    }
}

#[tokio::test]
async fn a_stapled_answer_is_noticed() {
    for version in ["-tls1_2", "-tls1_3"] {
        let folder = certificate(&["rsa:2048"]);
        // OCSPResponse with the status malformedRequest: the smallest there is (RFC 6960)
        fs::write(folder.path().join("ocsp"), [0x30, 3, 0x0A, 1, 1]).unwrap();
        let server = Program::s_server_with(folder, &[version, "-status_file", "ocsp"]);
        assert!(patient(server.port).await.ocsp_stapled, "{version}");
        let server = Program::s_server(&[version]);
        assert!(!patient(server.port).await.ocsp_stapled, "{version}");
    }
}

#[tokio::test]
async fn an_address_is_surveyed_like_a_name() {
    let server = Program::nginx("ssl_protocols TLSv1.2 TLSv1.3;");
    let names = Names::all_at("127.0.0.2").await;
    let door = xuncha_net::Door::new(config(names.address)).unwrap();
    let survey: Survey = door.survey("127.0.0.2", server.port, &[]).await.unwrap();
    assert!(survey.without_name.unwrap().same, "nobody names an address");
}

#[tokio::test]
async fn a_survey_is_over_in_a_moment() {
    let server = Program::nginx("ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;");
    let names = Names::all_at("127.0.0.2").await;
    let mut fastest = u128::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        survey_of(config(names.address), server.port).await.unwrap();
        fastest = fastest.min(began.elapsed().as_millis());
    }
    // 25 ms on an idle machine, unoptimised; sslyze takes 1300
    assert!(fastest < 300, "{fastest} ms");
}
