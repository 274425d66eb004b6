package dev.attache.proxy.tls.secret;

import dev.attache.proxy.tls.hello.ClientHello;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which ECDSA certificates a client can take, as Envoy reads it from the ClientHello: a set of
 * curves, empty where only RSA will do. Bits, so that the choice costs nothing.
 */
public final class EcdsaCurves {

    public static final int NONE = 0;
    public static final int P256 = 1;
    public static final int P384 = 2;
    public static final int P521 = 4;
    public static final int ALL = P256 | P384 | P521;

    private static final int TLS_1_2 = 0x0303;

    /** Suites authenticated by ECDSA, by their number. */
    private static final Map<Integer, String> SUITES =
            Map.of(
                    0xc009, "ECDHE-ECDSA-AES128-SHA",
                    0xc00a, "ECDHE-ECDSA-AES256-SHA",
                    0xc023, "ECDHE-ECDSA-AES128-SHA256",
                    0xc02b, "ECDHE-ECDSA-AES128-GCM-SHA256",
                    0xc02c, "ECDHE-ECDSA-AES256-GCM-SHA384",
                    0xcca9, "ECDHE-ECDSA-CHACHA20-POLY1305");

    private EcdsaCurves() {}

    /** The curve of a certificate's key, or {@link #NONE} of one that is not for ECDSA. */
    public static int of(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return NONE;
        }
        return switch (ec.getParams().getOrder().bitLength()) {
            case 256 -> P256;
            case 384 -> P384;
            case 521 -> P521;
            default -> NONE;
        };
    }

    /**
     * A client of TLS 1.3 says it by its signature algorithms alone. An older one needs a curve in
     * common and a suite that we have enabled.
     *
     * @param enabledSuites OpenSSL's names of our suites up to TLS 1.2
     */
    public static int of(
            ClientHello hello, TlsVersion maxVersion, Supplier<String[]> enabledSuites) {
        if (hello.version() == TLS_1_2
                && maxVersion == TlsVersion.TLS_1_3
                && hello.namesVersions()) {
            return fromSignatures(hello.signatureAlgorithms());
        }
        int curves = fromGroups(hello.groups());
        return curves != NONE && offersSuite(hello, enabledSuites.get()) ? curves : NONE;
    }

    private static int fromSignatures(int[] algorithms) {
        int curves = NONE;
        for (int algorithm : algorithms) {
            curves |=
                    switch (algorithm) {
                        case 0x0403 -> P256;
                        case 0x0503 -> P384;
                        case 0x0603 -> P521;
                        default -> NONE;
                    };
        }
        return curves;
    }

    private static int fromGroups(int[] groups) {
        int curves = NONE;
        for (int group : groups) {
            curves |=
                    switch (group) {
                        case 23 -> P256;
                        case 24 -> P384;
                        case 25 -> P521;
                        default -> NONE;
                    };
        }
        return curves;
    }

    private static boolean offersSuite(ClientHello hello, String[] enabled) {
        for (int number : hello.cipherSuites()) {
            String name = SUITES.get(number);
            boolean readable = hello.version() >= TLS_1_2 || name != null && name.endsWith("-SHA");
            if (name != null && readable && Arrays.asList(enabled).contains(name)) {
                return true;
            }
        }
        return false;
    }
}
