package dev.attache.proxy.tls.secret;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What secrets were parsed to. A secret is parsed and checked once, however many clusters and
 * listeners use it; two secrets with the same bytes share the result, so that contexts made of them
 * can be shared, too. Entries last as long as the secret or somebody who holds what was parsed. Any
 * thread; a lock, as only configuration asks.
 *
 * @param <S> a secret, of which only the identity of its arrays is compared
 */
public final class ParsedOnce<S extends TlsSecret, V> {

    /** Parses and checks. */
    @FunctionalInterface
    public interface Parser<S, V> {
        V parse(S secret) throws GeneralSecurityException;
    }

    private static final class Entry<V> extends WeakReference<V> {
        final ByteBuffer digest;

        Entry(V value, ByteBuffer digest, ReferenceQueue<V> gone) {
            super(value, gone);
            this.digest = digest;
        }
    }

    private final Map<S, V> bySecret = new WeakHashMap<>();
    private final Map<ByteBuffer, Entry<V>> byContent = new HashMap<>();
    private final ReferenceQueue<V> gone = new ReferenceQueue<>();
    private final Parser<S, V> parser;
    private final BiConsumer<S, Content> content;

    /**
     * @param content adds all that the result depends on
     */
    public ParsedOnce(BiConsumer<S, Content> content, Parser<S, V> parser) {
        this.content = content;
        this.parser = parser;
    }

    /**
     * @throws GeneralSecurityException if the material cannot be used; asked again it is parsed
     *     again
     */
    public synchronized V of(S secret) throws GeneralSecurityException {
        V known = bySecret.get(secret);
        if (known != null) {
            return known;
        }
        Content described = new Content();
        content.accept(secret, described);
        ByteBuffer digest = ByteBuffer.wrap(described.digest());
        Entry<V> entry = byContent.get(digest);
        V value = entry == null ? null : entry.get();
        if (value == null) {
            value = parser.parse(secret);
            forgetGone();
            byContent.put(digest, new Entry<>(value, digest, gone));
        }
        bySecret.put(secret, value);
        return value;
    }

    private void forgetGone() {
        for (Reference<? extends V> next = gone.poll(); next != null; next = gone.poll()) {
            Entry<?> entry = (Entry<?>) next;
            byContent.remove(entry.digest, entry);
        }
    }

    /** The bytes that a result is made of, as a digest: keys are not held here. */
    public static final class Content {

        private final MessageDigest digest = sha256();

        public Content add(byte @Nullable [] bytes) {
            number(bytes == null ? -1 : bytes.length);
            if (bytes != null) {
                digest.update(bytes);
            }
            return this;
        }

        public Content add(@Nullable String text) {
            return add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        }

        public Content number(int value) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value));
            return this;
        }

        /** Ends it. */
        public byte[] digest() {
            return digest.digest();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }
}
