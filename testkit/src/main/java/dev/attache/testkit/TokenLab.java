package dev.attache.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keys and JSON Web Tokens as issuers do: by the JDK, in forms that are written out here. */
public final class TokenLab {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int ED25519_LENGTH = 32;

    private TokenLab() {}

    public static String encode(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A key set of these keys. */
    public static byte[] set(String... keys) {
        return ("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8);
    }

    public static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    /**
     * @param curve as the JDK calls it, {@code secp256r1}
     */
    public static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    public static KeyPair ed25519() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    /**
     * @param more members behind the first ones, each after a comma
     */
    public static String secret(byte[] secret, String more) {
        return "{\"kty\":\"oct\",\"k\":\"%s\"%s}".formatted(encode(secret), more);
    }

    /** As {@link #secret}, of a public key. */
    public static String jwk(PublicKey key, String more) {
        return switch (key) {
            case RSAPublicKey rsa ->
                    "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}"
                            .formatted(
                                    number(rsa.getModulus()),
                                    number(rsa.getPublicExponent()),
                                    more);
            case ECPublicKey ec ->
                    "{\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"%s}"
                            .formatted(
                                    number(ec.getW().getAffineX()),
                                    number(ec.getW().getAffineY()),
                                    more);
            case EdECPublicKey ed ->
                    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}"
                            .formatted(encode(raw(ed)), more);
            default -> throw new IllegalArgumentException(key.getAlgorithm());
        };
    }

    private static String number(BigInteger value) {
        return encode(value.toByteArray());
    }

    /** The end of the encoded form is RFC 8032's. */
    private static byte[] raw(EdECPublicKey key) {
        byte[] encoded = key.getEncoded();
        byte[] raw = new byte[ED25519_LENGTH];
        System.arraycopy(encoded, encoded.length - raw.length, raw, 0, raw.length);
        return raw;
    }

    /** A token signed with a secret. */
    public static String signed(String alg, byte[] secret, String header, String payload)
            throws GeneralSecurityException {
        String signed = encode(header) + '.' + encode(payload);
        String algorithm = "HmacSHA" + alg.substring(2);
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        return signed + '.' + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A token signed with a private key. */
    public static String signed(String alg, PrivateKey key, String header, String payload)
            throws GeneralSecurityException {
        String signed = encode(header) + '.' + encode(payload);
        String digest = "SHA" + alg.substring(2);
        Signature signature =
                switch (alg.substring(0, 2)) {
                    case "RS" -> Signature.getInstance(digest + "withRSA");
                    case "ES" -> Signature.getInstance(digest + "withECDSAinP1363Format");
                    case "PS" -> pss(alg.substring(2));
                    default -> Signature.getInstance("Ed25519");
                };
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + '.' + encode(signature.sign());
    }

    private static Signature pss(String bits) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
                new PSSParameterSpec(
                        "SHA-" + bits,
                        "MGF1",
                        new MGF1ParameterSpec("SHA-" + bits),
                        Integer.parseInt(bits) / 8,
                        1));
        return signature;
    }
}
