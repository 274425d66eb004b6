package dev.attache.conformance;

import dev.attache.testkit.TokenLab;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens of cases and the keys that verify them. Keys are made once for the process, and
 * so is each token: both proxies see the same.
 */
final class Tokens {

    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();
    private static final Map<String, String> MADE = new ConcurrentHashMap<>();

    private Tokens() {}

    /**
     * The token that a case describes.
     *
     * @param described {@code key}, {@code alg}, and {@code claims} and {@code header}, each a map,
     *     or text where it is to stand as it is
     */
    static String token(@Nullable Object described) {
        if (described == null) {
            throw new IllegalArgumentException("the case has no such token");
        }
        Map<String, Object> spec = Tree.map(described);
        return MADE.computeIfAbsent(Tree.json(spec, true), key -> make(spec));
    }

    private static String make(Map<String, Object> spec) {
        String key = Tree.text(spec.get("key"), "secret");
        String alg = Tree.text(spec.get("alg"), algorithm(key));
        Object header = spec.get("header");
        if (!(header instanceof String)) {
            Map<String, Object> fields = new LinkedHashMap<>(Map.of("alg", alg));
            fields.putAll(Tree.map(header));
            header = fields;
        }
        String head = text(header);
        String claims = text(spec.getOrDefault("claims", Map.of()));
        try {
            return key.startsWith("secret")
                    ? TokenLab.signed(alg, secret(key), head, claims)
                    : TokenLab.signed(alg, pair(key).getPrivate(), head, claims);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no token with " + alg + " by " + key, e);
        }
    }

    private static String text(Object value) {
        return value instanceof String text ? text : Tree.json(value, false);
    }

    /** A set of keys, named with {@code _} between them; the key ids are their names. */
    static String keys(String names) {
        String[] keys = names.split("_", -1);
        for (int i = 0; i < keys.length; i++) {
            String id = ",\"kid\":\"" + keys[i] + "\"";
            keys[i] =
                    keys[i].startsWith("secret")
                            ? TokenLab.secret(secret(keys[i]), id)
                            : TokenLab.jwk(pair(keys[i]).getPublic(), id + curve(keys[i]));
        }
        return new String(TokenLab.set(keys), StandardCharsets.UTF_8);
    }

    private static byte[] secret(String name) {
        return ("of " + name).repeat(8).getBytes(StandardCharsets.UTF_8);
    }

    private static KeyPair pair(String name) {
        return PAIRS.computeIfAbsent(name, Tokens::generate);
    }

    private static KeyPair generate(String name) {
        try {
            return switch (name) {
                case "rsa", "rsa-other" -> TokenLab.rsa();
                case "p256" -> TokenLab.ec("secp256r1");
                case "p384" -> TokenLab.ec("secp384r1");
                case "p521" -> TokenLab.ec("secp521r1");
                case "ed25519" -> TokenLab.ed25519();
                default -> throw new IllegalArgumentException("there is no key " + name);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key " + name, e);
        }
    }

    private static String curve(String key) {
        return switch (key) {
            case "p256" -> ",\"crv\":\"P-256\"";
            case "p384" -> ",\"crv\":\"P-384\"";
            case "p521" -> ",\"crv\":\"P-521\"";
            default -> "";
        };
    }

    private static String algorithm(String key) {
        return switch (key) {
            case "rsa", "rsa-other" -> "RS256";
            case "p256" -> "ES256";
            case "p384" -> "ES384";
            case "p521" -> "ES512";
            case "ed25519" -> "EdDSA";
            default -> "HS256";
        };
    }
}
