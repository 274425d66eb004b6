package dev.attache.filters.http.oauth2.exchange;

import dev.attache.filters.http.oauth2.cookie.Base64Url;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.UUID;

/** The token by which a client proves that it has its key (RFC 7523 section 3). Stateless. */
final class ClientAssertion {

    /** The entry of a secret with the key. */
    static final String KEY = "private_key";

    private static final String KEY_ID = "key_id";

    private ClientAssertion() {}

    /**
     * Signs a token.
     *
     * @throws GeneralSecurityException with Envoy's words for why there is none
     */
    static String sign(
            String clientId, Client.Assertion as, TlsSecret.Generic secret, long nowSeconds)
            throws GeneralSecurityException {
        byte[] pem = secret.named().getOrDefault(KEY, secret.secret());
        PrivateKey key = key(pem, as.algorithm());
        StringBuilder head = new StringBuilder("{\"alg\":\"").append(as.algorithm());
        head.append("\",\"typ\":\"JWT\"");
        byte[] keyId = secret.named().get(KEY_ID);
        if (keyId != null && secret.named().containsKey(KEY)) {
            head.append(",\"kid\":");
            JsonText.quoteOctets(head, new String(keyId, StandardCharsets.ISO_8859_1));
        }
        StringBuilder claims = new StringBuilder("{\"iss\":");
        JsonText.quoteOctets(claims, clientId);
        JsonText.quoteOctets(claims.append(",\"sub\":"), clientId);
        JsonText.quoteOctets(claims.append(",\"aud\":"), as.audience());
        claims.append(",\"exp\":").append(nowSeconds + as.lifetimeSeconds());
        claims.append(",\"iat\":").append(nowSeconds).append(",\"nbf\":").append(nowSeconds);
        JsonText.quoteOctets(claims.append(",\"jti\":"), UUID.randomUUID().toString());
        String signed = encode(head.append('}')) + '.' + encode(claims.append('}'));
        Signature signer = Signature.getInstance(javaName(as.algorithm()));
        signer.initSign(key);
        signer.update(signed.getBytes(StandardCharsets.ISO_8859_1));
        return signed + '.' + Base64Url.encode(signer.sign());
    }

    private static PrivateKey key(byte[] pem, String algorithm) throws GeneralSecurityException {
        PrivateKey key;
        try {
            key = PemMaterial.privateKey(pem, null);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new GeneralSecurityException(
                    "Failed to parse private key PEM for JWT signing", e);
        }
        if (algorithm.startsWith("RS") && !(key instanceof RSAPrivateKey)) {
            throw new GeneralSecurityException(
                    "signing algorithm " + algorithm + " requires an RSA private key");
        }
        if (algorithm.startsWith("ES") && !(key instanceof ECPrivateKey)) {
            throw new GeneralSecurityException(
                    "signing algorithm " + algorithm + " requires an EC private key");
        }
        return key;
    }

    /** Elliptic signatures as JSON Web Tokens have them: both numbers behind each other. */
    private static String javaName(String algorithm) {
        String digest = "SHA" + algorithm.substring(2);
        return algorithm.startsWith("RS") ? digest + "withRSA" : digest + "withECDSAinP1363Format";
    }

    private static String encode(StringBuilder json) {
        return Base64Url.encode(json.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
