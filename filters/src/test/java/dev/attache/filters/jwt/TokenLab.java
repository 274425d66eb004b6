package dev.attache.filters.jwt;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keys and tokens as their issuers do: by the JDK, in forms that are written out here. */
public final class TokenLab {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private TokenLab() {}

    public static String encode(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }

    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A token signed with a secret by HS256. */
    public static String hs256(byte[] secret, String header, String payload)
            throws GeneralSecurityException {
        String signed = encode(header) + '.' + encode(payload);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HMAC"));
        return signed + '.' + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A set with that secret alone. */
    public static byte[] secretSet(byte[] secret) {
        return set("{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" + encode(secret) + "\"}");
    }

    static byte[] set(String... keys) {
        return ("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8);
    }

    static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String jwk(RSAPublicKey key, String more) {
        return "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}"
                .formatted(number(key.getModulus()), number(key.getPublicExponent()), more);
    }

    static String jwk(ECPublicKey key, String curve, String more) {
        return "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}"
                .formatted(
                        curve,
                        number(key.getW().getAffineX()),
                        number(key.getW().getAffineY()),
                        more);
    }

    private static String number(BigInteger value) {
        return encode(value.toByteArray());
    }

    /** A token whose {@code alg} is the name of the JDK's algorithm to sign with. */
    static String signed(String alg, PrivateKey key, String payload)
            throws GeneralSecurityException {
        String signed = encode("{\"alg\":\"" + alg + "\"}") + '.' + encode(payload);
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
