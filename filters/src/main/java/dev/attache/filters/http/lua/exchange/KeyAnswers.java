package dev.attache.filters.http.lua.exchange;

import dev.attache.filters.lua.LuaReader;
import dev.attache.filters.lua.LuaState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code importPublicKey()} and {@code verifySignature()}: keys are DER, signatures of RSA or EC.
 */
public final class KeyAnswers {

    private final LuaState lua;
    private final Map<String, @Nullable PublicKey> keys = new HashMap<>();

    public KeyAnswers(LuaState lua) {
        this.lua = lua;
    }

    public int answer(Question question, MemorySegment text, MemorySegment more) {
        return switch (question) {
            case IMPORT_KEY -> {
                PublicKey key = read(text.toArray(ValueLayout.JAVA_BYTE));
                keys.put(LuaState.text(more), key);
                yield key == null ? LuaState.NIL : LuaState.NOTHING;
            }
            case HAS_KEY ->
                    keys.containsKey(LuaState.text(text))
                            ? LuaState.NOTHING
                            : lua.error("invalid public key");
            default -> {
                LuaReader written = new LuaReader(text);
                String hash = written.text();
                PublicKey key = keys.get(written.text());
                byte[] signature = written.text().getBytes(StandardCharsets.ISO_8859_1);
                yield verify(hash, key, signature, more.toArray(ValueLayout.JAVA_BYTE));
            }
        };
    }

    private static @Nullable PublicKey read(byte[] der) {
        for (String kind : new String[] {"RSA", "EC"}) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                continue; // not of this kind; of none, the script gets an empty key
            }
        }
        return null;
    }

    private int verify(String hash, @Nullable PublicKey key, byte[] signature, byte[] text) {
        String digest =
                switch (hash.toLowerCase(Locale.ROOT)) {
                    case "sha1" -> "SHA1";
                    case "sha224" -> "SHA224";
                    case "sha256" -> "SHA256";
                    case "sha384" -> "SHA384";
                    case "sha512" -> "SHA512";
                    default -> null;
                };
        if (key == null) {
            return lua.error("Failed to initialize digest verify.");
        }
        if (digest == null) {
            return lua.error(hash + " is not supported.");
        }
        try {
            String kind = key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA";
            Signature verifier = Signature.getInstance(digest + "with" + kind);
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature) ? LuaState.NOTHING : notVerified();
        } catch (GeneralSecurityException e) {
            return notVerified(); // a signature of another shape is none
        }
    }

    private int notVerified() {
        return lua.error("Failed to verify digest. Error code: 0");
    }
}
