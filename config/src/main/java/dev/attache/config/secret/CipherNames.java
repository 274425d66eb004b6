package dev.attache.config.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The names BoringSSL knows: a name it does not know fails the configuration, not the handshake.
 */
final class CipherNames {
    private static final Set<String> SUITES =
            Set.of(
                    "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-AES128-GCM-SHA256",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384",
                    "ECDHE-ECDSA-CHACHA20-POLY1305",
                    "ECDHE-RSA-CHACHA20-POLY1305",
                    "ECDHE-PSK-CHACHA20-POLY1305",
                    "ECDHE-ECDSA-AES128-SHA",
                    "ECDHE-RSA-AES128-SHA",
                    "ECDHE-PSK-AES128-CBC-SHA",
                    "ECDHE-ECDSA-AES256-SHA",
                    "ECDHE-RSA-AES256-SHA",
                    "ECDHE-PSK-AES256-CBC-SHA",
                    "ECDHE-ECDSA-AES128-SHA256",
                    "ECDHE-RSA-AES128-SHA256",
                    "AES128-GCM-SHA256",
                    "AES256-GCM-SHA384",
                    "AES128-SHA",
                    "PSK-AES128-CBC-SHA",
                    "AES256-SHA",
                    "PSK-AES256-CBC-SHA",
                    "DES-CBC3-SHA");

    private static final Set<String> RULES =
            Set.of(
                    "ALL",
                    "DEFAULT",
                    "HIGH",
                    "FIPS",
                    "AES",
                    "AES128",
                    "AES256",
                    "AESGCM",
                    "CHACHA20",
                    "ECDHE",
                    "EECDH",
                    "kECDHE",
                    "kEECDH",
                    "aECDSA",
                    "ECDSA",
                    "aRSA",
                    "RSA",
                    "kRSA",
                    "PSK",
                    "aPSK",
                    "kPSK",
                    "SHA",
                    "SHA1",
                    "3DES",
                    "TLSv1",
                    "TLSv1.2",
                    "SSLv3",
                    "@STRENGTH");

    private static final Set<String> CURVES =
            Set.of(
                    "P-224",
                    "P-256",
                    "P-384",
                    "P-521",
                    "X25519",
                    "prime256v1",
                    "secp224r1",
                    "secp256r1",
                    "secp384r1",
                    "secp521r1",
                    "X25519Kyber768Draft00",
                    "X25519MLKEM768",
                    "MLKEM1024");

    private CipherNames() {}

    /** Those suites that BoringSSL would refuse. */
    static List<String> unknownSuites(List<String> suites) {
        List<String> unknown = new ArrayList<>();
        for (String entry : suites) {
            for (String name : entry.split("[\\[\\]|:+ ]")) {
                String bare =
                        name.startsWith("-") || name.startsWith("!") ? name.substring(1) : name;
                if (!bare.isEmpty() && !SUITES.contains(bare) && !RULES.contains(bare)) {
                    unknown.add(name);
                }
            }
        }
        return unknown;
    }

    static boolean knowsCurve(String name) {
        return CURVES.contains(name);
    }
}
