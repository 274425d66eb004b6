package dev.attache.config.listener;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Equal for equal messages, whatever the order of their map entries, in Anys too: a control plane
 * may write the same map in another order each time. It is worked out of the message's bytes when
 * it is compared for the first time, which happens to what is updated and to nothing at the start.
 * Compared on one thread, the one that publishes listeners.
 */
final class Fingerprint {
    private final MessageType type;
    private final ContentOrder order;
    private byte @Nullable [] bytes;
    private String digest = "";

    private Fingerprint(Message message, ContentOrder order) {
        this.type = ApiTable.of(message);
        this.order = order;
        this.bytes = message.toByteArray();
    }

    static Fingerprint of(Message message) {
        return new Fingerprint(message, ContentOrder.OF_MAPS);
    }

    /** The same for messages that differ in nothing but the order of their lists, too. */
    static Fingerprint ofUnordered(Message message) {
        return new Fingerprint(message, ContentOrder.OF_LISTS);
    }

    /**
     * What is equal for equal messages whose extensions are of the same loadings of their code.
     *
     * @param generations of the extensions that can be replaced
     */
    Object with(List<Long> generations) {
        return generations.isEmpty() ? this : new OfGenerations(this, generations);
    }

    private record OfGenerations(Fingerprint message, List<Long> generations) {}

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** In hexadecimal digits. */
    @Override
    public String toString() {
        byte[] content = bytes;
        if (content != null) {
            digest = digest(order.of(type, content));
            bytes = null;
        }
        return digest;
    }

    private static String digest(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
