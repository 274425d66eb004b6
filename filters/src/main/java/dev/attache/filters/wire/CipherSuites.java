package dev.attache.filters.wire;

import java.util.Map;

/** Numbers of cipher suites, of those that BoringSSL has, by OpenSSL's names. */
public final class CipherSuites {

    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("TLS_AES_128_GCM_SHA256", 0x1301),
                    Map.entry("TLS_AES_256_GCM_SHA384", 0x1302),
                    Map.entry("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
                    Map.entry("ECDHE-ECDSA-AES128-GCM-SHA256", 0xc02b),
                    Map.entry("ECDHE-ECDSA-AES256-GCM-SHA384", 0xc02c),
                    Map.entry("ECDHE-RSA-AES128-GCM-SHA256", 0xc02f),
                    Map.entry("ECDHE-RSA-AES256-GCM-SHA384", 0xc030),
                    Map.entry("ECDHE-RSA-CHACHA20-POLY1305", 0xcca8),
                    Map.entry("ECDHE-ECDSA-CHACHA20-POLY1305", 0xcca9),
                    Map.entry("ECDHE-PSK-CHACHA20-POLY1305", 0xccac),
                    Map.entry("ECDHE-ECDSA-AES128-SHA", 0xc009),
                    Map.entry("ECDHE-ECDSA-AES256-SHA", 0xc00a),
                    Map.entry("ECDHE-RSA-AES128-SHA", 0xc013),
                    Map.entry("ECDHE-RSA-AES256-SHA", 0xc014),
                    Map.entry("ECDHE-RSA-AES128-SHA256", 0xc027),
                    Map.entry("ECDHE-PSK-AES128-CBC-SHA", 0xc035),
                    Map.entry("ECDHE-PSK-AES256-CBC-SHA", 0xc036),
                    Map.entry("AES128-GCM-SHA256", 0x009c),
                    Map.entry("AES256-GCM-SHA384", 0x009d),
                    Map.entry("AES128-SHA", 0x002f),
                    Map.entry("AES256-SHA", 0x0035),
                    Map.entry("PSK-AES128-CBC-SHA", 0x008c),
                    Map.entry("PSK-AES256-CBC-SHA", 0x008d));

    /** What Envoy says where it does not know. */
    private static final int NONE = 0xffff;

    private CipherSuites() {}

    /** The number of a suite; {@code 0xffff} of one that is not known. */
    public static int number(String name) {
        return NUMBERS.getOrDefault(name, NONE);
    }
}
