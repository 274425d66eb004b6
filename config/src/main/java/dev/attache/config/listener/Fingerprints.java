package dev.attache.config.listener;

import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Fingerprints of messages: equal for equal messages, whatever the order of their map entries, in
 * Anys too. A control plane may write the same map in another order each time.
 */
final class Fingerprints {
    private Fingerprints() {}

    static String of(Message message) {
        return digest(ContentOrder.ofMaps().of(ApiTable.of(message), message.toByteArray()));
    }

    /** The same for messages that differ in nothing but the order of their lists, too. */
    static String ofUnordered(Message message) {
        return digest(ContentOrder.ofLists().of(ApiTable.of(message), message.toByteArray()));
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
