package dev.attache.filters.jwt;

import dev.attache.proxy.metadata.MetadataValue;
import java.math.BigInteger;
import java.security.PublicKey;
import javax.crypto.spec.SecretKeySpec;

/** One key from its JSON (RFC 7518 section 6, RFC 8037 section 2), with Envoy's order of checks. */
final class JwkReader {

    private static final int ED25519_LENGTH = 32;

    private JwkReader() {}

    static Jwk read(MetadataValue.Struct jwk) throws JwtException {
        String type = Claims.text(jwk, "kty", JwtStatus.JWKS_MISSING_KTY, JwtStatus.JWKS_BAD_KTY);
        String keyId = Claims.textOrEmpty(jwk, "kid");
        String algorithm = Claims.textOrEmpty(jwk, "alg");
        VerificationKey key =
                switch (type) {
                    case "EC" -> ec(jwk, algorithm);
                    case "RSA" -> rsa(jwk, algorithm);
                    case "oct" -> oct(jwk, algorithm);
                    case "OKP" -> okp(jwk, algorithm);
                    default -> throw new JwtException(JwtStatus.JWKS_NOT_IMPLEMENTED_KTY);
                };
        return new Jwk(keyId, algorithm, key);
    }

    private static VerificationKey rsa(MetadataValue.Struct jwk, String algorithm)
            throws JwtException {
        if (!algorithm.isEmpty() && !algorithm.startsWith("RS") && !algorithm.startsWith("PS")) {
            throw new JwtException(JwtStatus.JWKS_RSA_BAD_ALG);
        }
        String modulus =
                Claims.text(jwk, "n", JwtStatus.JWKS_RSA_MISSING_N, JwtStatus.JWKS_RSA_BAD_N);
        String exponent =
                Claims.text(jwk, "e", JwtStatus.JWKS_RSA_MISSING_E, JwtStatus.JWKS_RSA_BAD_E);
        return new VerificationKey.Rsa(
                PublicKeys.rsa(
                        number(modulus, JwtStatus.JWKS_RSA_PARSE_ERROR),
                        number(exponent, JwtStatus.JWKS_RSA_PARSE_ERROR)));
    }

    private static VerificationKey ec(MetadataValue.Struct jwk, String algorithm)
            throws JwtException {
        if (!algorithm.isEmpty() && !algorithm.startsWith("ES")) {
            throw new JwtException(JwtStatus.JWKS_EC_BAD_ALG);
        }
        String curve = Claims.text(jwk, "crv", JwtStatus.JWKS_EC_BAD_CRV);
        String standard = standardName(curve, algorithm);
        String x = Claims.text(jwk, "x", JwtStatus.JWKS_EC_MISSING_X, JwtStatus.JWKS_EC_BAD_X);
        String y = Claims.text(jwk, "y", JwtStatus.JWKS_EC_MISSING_Y, JwtStatus.JWKS_EC_BAD_Y);
        PublicKey key =
                PublicKeys.ec(
                        standard,
                        number(x, JwtStatus.JWKS_EC_BAD_BASE64),
                        number(y, JwtStatus.JWKS_EC_BAD_BASE64));
        return new VerificationKey.Ec(key);
    }

    /** The curve in the JDK's name; {@code crv} and {@code alg} must agree, one may be missing. */
    private static String standardName(String curve, String algorithm) throws JwtException {
        String byAlgorithm =
                switch (algorithm) {
                    case "ES256" -> "P-256";
                    case "ES384" -> "P-384";
                    case "ES512" -> "P-521";
                    default -> "";
                };
        if (!algorithm.isEmpty() && !curve.isEmpty() && !byAlgorithm.equals(curve)) {
            throw new JwtException(JwtStatus.JWKS_EC_ALG_NOT_COMPATIBLE_WITH_CRV);
        }
        String name = algorithm.isEmpty() ? curve : byAlgorithm;
        if (algorithm.isEmpty() && curve.isEmpty()) {
            name = "P-256";
        }
        return switch (name) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> throw new JwtException(JwtStatus.JWKS_EC_ALG_OR_CRV_UNSUPPORTED);
        };
    }

    private static VerificationKey oct(MetadataValue.Struct jwk, String algorithm)
            throws JwtException {
        switch (algorithm) {
            case "", "HS256", "HS384", "HS512" -> {}
            default -> throw new JwtException(JwtStatus.JWKS_HMAC_BAD_ALG);
        }
        String encoded =
                Claims.text(jwk, "k", JwtStatus.JWKS_HMAC_MISSING_K, JwtStatus.JWKS_HMAC_BAD_K);
        byte[] secret = Base64Url.decode(encoded);
        if (secret == null || secret.length == 0) {
            throw new JwtException(JwtStatus.JWKS_OCT_BAD_BASE64);
        }
        return new VerificationKey.Oct(new SecretKeySpec(secret, "HMAC"));
    }

    private static VerificationKey okp(MetadataValue.Struct jwk, String algorithm)
            throws JwtException {
        if (!algorithm.isEmpty() && !algorithm.equals("EdDSA")) {
            throw new JwtException(JwtStatus.JWKS_OKP_BAD_ALG);
        }
        String curve =
                Claims.text(jwk, "crv", JwtStatus.JWKS_OKP_MISSING_CRV, JwtStatus.JWKS_OKP_BAD_CRV);
        if (!curve.equals("Ed25519")) {
            throw new JwtException(JwtStatus.JWKS_OKP_CRV_UNSUPPORTED);
        }
        String encoded =
                Claims.text(jwk, "x", JwtStatus.JWKS_OKP_MISSING_X, JwtStatus.JWKS_OKP_BAD_X);
        byte[] point = Base64Url.decode(encoded);
        if (point == null) {
            throw new JwtException(JwtStatus.JWKS_OKP_X_BAD_BASE64);
        }
        if (point.length != ED25519_LENGTH) {
            throw new JwtException(JwtStatus.JWKS_OKP_X_WRONG_LENGTH);
        }
        return new VerificationKey.Ed25519(PublicKeys.ed25519(point));
    }

    private static BigInteger number(String encoded, JwtStatus bad) throws JwtException {
        byte[] bytes = Base64Url.decode(encoded);
        if (bytes == null) {
            throw new JwtException(bad);
        }
        return new BigInteger(1, bytes);
    }
}
