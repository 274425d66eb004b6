package dev.attache.filters.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.testkit.TokenLab;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and signatures: the vectors of the RFCs, each algorithm, and what is refused. */
class JwksTest {

    /** RFC 7515 appendix A: the payload of all its examples. */
    private static final String PAYLOAD =
            "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
                    + "Ijp0cnVlfQ";

    private static final String HS256 = "{\"alg\":\"HS256\"}";

    private static String signed(String alg, PrivateKey key) throws GeneralSecurityException {
        return TokenLab.signed(alg, key, "{\"alg\":\"" + alg + "\"}", "{}");
    }

    private static JwtStatus verify(byte[] set, String token) throws JwtException {
        return Jwks.parse(set).verify(Jwt.parse(token));
    }

    @Test
    void hmacOfRfc7515() throws JwtException {
        byte[] set =
                TokenLab.set(
                        "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH"
                                + "75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}");
        String token =
                "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                        + PAYLOAD
                        + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
        assertThat(verify(set, token.replace("dBj", "dBk"))).isEqualTo(JwtStatus.VERIFICATION_FAIL);
    }

    @Test
    void rsaOfRfc7515() throws JwtException {
        byte[] set =
                TokenLab.set(
                        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcy"
                                + "QoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-p"
                                + "CgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5r"
                                + "exMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9"
                                + "kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9"
                                + "gb54h4FRWyuXpoQ\"}");
        String token =
                "eyJhbGciOiJSUzI1NiJ9."
                        + PAYLOAD
                        + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4B"
                        + "h-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZ"
                        + "LgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
                        + "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6"
                        + "LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
    }

    @Test
    void ellipticCurveOfRfc7515() throws JwtException {
        byte[] set =
                TokenLab.set(
                        "{\"kty\":\"EC\",\"crv\":\"P-256\","
                                + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}");
        String token =
                "eyJhbGciOiJFUzI1NiJ9."
                        + PAYLOAD
                        + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKT"
                        + "UJqPP3-Kg6NU1Q";
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
        String half = token.substring(0, token.length() - 43);
        assertThat(verify(set, half)).isEqualTo(JwtStatus.VERIFICATION_FAIL);
    }

    /** RFC 8037 appendix A: what the private half signs, the public half verifies. */
    @Test
    void ed25519OfRfc8037() throws Exception {
        byte[] seed = Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        PrivateKey key =
                KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        byte[] set =
                TokenLab.set(
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        String token = signed("EdDSA", key);
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
        assertThat(verify(set, token + "AAAA")).isEqualTo(JwtStatus.ED25519_SIGNATURE_WRONG_LENGTH);
    }

    @ParameterizedTest
    @CsvSource({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void rsaAlgorithms(String alg) throws Exception {
        KeyPair pair = TokenLab.rsa();
        String token = signed(alg, pair.getPrivate());
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        assertThat(verify(TokenLab.set(TokenLab.jwk(key, "")), token)).isEqualTo(JwtStatus.OK);
        String other = alg.equals("RS256") ? "RS384" : "RS256";
        byte[] forOther = TokenLab.set(TokenLab.jwk(key, ",\"alg\":\"" + other + "\""));
        assertThat(verify(forOther, token)).isEqualTo(JwtStatus.JWKS_KID_ALG_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"ES256,P-256,secp256r1", "ES384,P-384,secp384r1", "ES512,P-521,secp521r1"})
    void ellipticCurves(String alg, String curve, String standard) throws Exception {
        KeyPair pair = TokenLab.ec(standard);
        String token = signed(alg, pair.getPrivate());
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        assertThat(verify(TokenLab.set(TokenLab.jwk(key, ",\"crv\":\"" + curve + "\"")), token))
                .isEqualTo(JwtStatus.OK);
        String byAlgorithm = TokenLab.jwk(key, ",\"alg\":\"" + alg + "\"");
        assertThat(verify(TokenLab.set(byAlgorithm), token)).isEqualTo(JwtStatus.OK);
    }

    /** RFC 7518 section 3.4: a signature has the length that its curve says. */
    @ParameterizedTest
    @CsvSource({"ES256,secp256r1", "ES384,secp384r1", "ES512,secp521r1"})
    void anOctetBehindASignatureSpoilsIt(String alg, String standard) throws Exception {
        KeyPair pair = TokenLab.ec(standard);
        byte[] set = TokenLab.set(TokenLab.jwk(pair.getPublic(), ",\"alg\":\"" + alg + "\""));
        String token = signed(alg, pair.getPrivate());
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
        int signature = token.lastIndexOf('.') + 1;
        byte[] octets = Base64.getUrlDecoder().decode(token.substring(signature));
        byte[] longer = Arrays.copyOf(octets, octets.length + 1);
        assertThat(verify(set, token.substring(0, signature) + TokenLab.encode(longer)))
                .isEqualTo(JwtStatus.VERIFICATION_FAIL);
    }

    /** RFC 7518 section 3.5: the salt is as long as the digest. */
    @ParameterizedTest
    @CsvSource({"PS256,20", "PS384,32", "PS512,0"})
    void anotherLengthOfSaltIsRefused(String alg, int salt) throws Exception {
        KeyPair pair = TokenLab.rsa();
        String token = signed(alg, pair.getPrivate());
        String content = token.substring(0, token.lastIndexOf('.'));
        String digest = "SHA-" + alg.substring(2);
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
                new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), salt, 1));
        signature.initSign(pair.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        byte[] set = TokenLab.set(TokenLab.jwk(pair.getPublic(), ""));
        assertThat(verify(set, token)).isEqualTo(JwtStatus.OK);
        assertThat(verify(set, content + '.' + TokenLab.encode(signature.sign())))
                .isEqualTo(JwtStatus.VERIFICATION_FAIL);
    }

    /** The public half of an RSA key is no secret to sign with. */
    @Test
    void anAlgorithmOfAnotherKindVerifiesNothing() throws Exception {
        RSAPublicKey key = (RSAPublicKey) TokenLab.rsa().getPublic();
        String token = TokenLab.signed("HS256", key.getEncoded(), HS256, "{}");
        assertThat(verify(TokenLab.set(TokenLab.jwk(key, "")), token))
                .isEqualTo(JwtStatus.VERIFICATION_FAIL);
    }

    @Test
    void keyIdsAreCompared() throws Exception {
        byte[] secret = "secret".getBytes(StandardCharsets.US_ASCII);
        String one = "{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" + TokenLab.encode(secret) + "\"}";
        String other = "{\"kty\":\"oct\",\"kid\":\"b\",\"k\":\"AAAA\"}";
        byte[] set = TokenLab.set(other, one);
        assertThat(verify(set, TokenLab.signed("HS256", secret, HS256, "{}")))
                .isEqualTo(JwtStatus.OK);
        String header = "{\"alg\":\"HS256\",\"kid\":\"%s\"}";
        assertThat(verify(set, TokenLab.signed("HS256", secret, header.formatted("a"), "{}")))
                .isEqualTo(JwtStatus.OK);
        assertThat(verify(set, TokenLab.signed("HS256", secret, header.formatted("b"), "{}")))
                .isEqualTo(JwtStatus.VERIFICATION_FAIL);
        assertThat(verify(set, TokenLab.signed("HS256", secret, header.formatted("c"), "{}")))
                .isEqualTo(JwtStatus.JWKS_KID_ALG_MISMATCH);
    }

    /** The texts are those of Envoy, which was asked about each of these. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    nonsense                              | Jwks is an invalid JSON
                    {}                                    | Jwks does not have [keys] field
                    {'keys':1}                            | [keys] in Jwks is not an array
                    {'keys':[]}                           | Jwks doesn't have any valid public key
                    {'keys':[1]}                          | Jwks doesn't have any valid public key
                    {'keys':[{}]}                         | [kty] is missing in [keys]
                    {'keys':[{'kty':1}]}                  | [kty] is bad in [keys]
                    {'keys':[{'kty':'x'}]}                | [kty] is not supported in [keys]
                    {'keys':[{'kty':'x'},{'kty':'oct'}]}  | [kty] is not supported in [keys]
                    {'keys':[{'kty':'oct'}]}              | [k] field is missing for an HMAC key
                    {'keys':[{'kty':'oct','k':5}]}        | [k] field is not string for an HMAC key
                    {'keys':[{'kty':'oct','k':''}]}       | Jwks Oct key is an invalid Base64
                    {'keys':[{'kty':'oct','k':'A'}]}      | Jwks Oct key is an invalid Base64
                    {'keys':[{'kty':'RSA'}]}              | [n] field is missing for a RSA key
                    {'keys':[{'kty':'RSA','n':1}]}        | [n] field is not string for a RSA key
                    {'keys':[{'kty':'RSA','n':''}]}       | [e] field is missing for a RSA key
                    {'keys':[{'kty':'EC','x':1}]}         | [x] field is not string for an EC key
                    {'keys':[{'kty':'EC','crv':'P-1'}]}   | [crv] or [alg] field is not supported for an EC key
                    {'keys':[{'kty':'EC','x':''}]}        | [y] field is missing for an EC key
                    {'keys':[{'kty':'EC','x':'','y':''}]} | Jwks EC [x] and [y] fields have a parse error.
                    {'keys':[{'kty':'OKP'}]}              | [crv] field is missing for an OKP key
                    {'keys':[{'kty':'OKP','crv':'X25519'}]} | [crv] field is not supported for an OKP key
                    {'keys':[{'kty':'OKP','crv':'Ed25519','x':'AA'}]} | Jwks OKP [x] field is wrong length.
                    """)
    void whatIsNoSetIsSaid(String json, String text) {
        byte[] set = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Jwks.parse(set)).hasMessage(text);
    }

    @Test
    void rsaKeysAreOfTheSizesThatAreTaken() throws GeneralSecurityException {
        String tooShort = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"%s\"}".formatted("_".repeat(84));
        assertThatThrownBy(() -> Jwks.parse(TokenLab.set(tooShort)))
                .hasMessage(JwtStatus.JWKS_RSA_PARSE_ERROR.text());
        RSAPublicKey key = (RSAPublicKey) TokenLab.rsa().getPublic();
        String uncommon = TokenLab.jwk(key, "").replace("\"AQAB\"", "\"BQ\"");
        assertThatThrownBy(() -> Jwks.parse(TokenLab.set(uncommon)))
                .hasMessage(JwtStatus.JWKS_RSA_PARSE_ERROR.text());
    }

    @Test
    void certificatesHaveKeysToo() {
        String framed =
                "{\"a\":\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n\"}";
        assertThatThrownBy(() -> Jwks.parse(framed.getBytes(StandardCharsets.UTF_8)))
                .hasMessage(JwtStatus.JWKS_X509_PARSE_ERROR.text());
        String unframed = framed.replace("-----\\n\"", "-----\"");
        assertThatThrownBy(() -> Jwks.parse(unframed.getBytes(StandardCharsets.UTF_8)))
                .hasMessage(JwtStatus.JWKS_NO_KEYS.text());
    }
}
