package dev.attache.config.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.support.SupportTable;

/**
 * Checks messages by the table of the API, in one walk over their bytes. Each violation of a
 * constraint is told at its field path as Envoy words it ({@code Proto constraint validation failed
 * (ClusterValidationError.ConnectTimeout: value must be greater than 0s)}); where Envoy stops at
 * the first one, all are. The content of Anys is only looked at for fields that nobody knows: all
 * else is checked when an extension takes it. Thread-safe.
 */
public final class MessageChecker {
    private static final int ALL = Walk.CONSTRAINTS | Walk.DEPRECATION | Walk.SUPPORT;

    private final SupportTable declared;
    private final TypeRegistry types;

    /**
     * @param declared what users' extensions declare of their messages
     * @param types knows their messages
     */
    public MessageChecker(SupportTable declared, TypeRegistry types) {
        this.declared = declared;
        this.types = types;
    }

    /** Checks a message, whose own path is {@code path}. */
    public Findings check(Message message, String path) {
        int flags = ALL | Walk.UNKNOWN | Walk.ANYS;
        return walk(ApiTable.of(message), message.toByteString(), path, flags);
    }

    /**
     * Checks a message that came as bytes.
     *
     * @param bytes that were read as such a message, in any order of its fields
     * @param fieldsKnown whether a walk has been here that looks for fields that nobody knows
     */
    public Findings check(MessageType type, ByteString bytes, String path, boolean fieldsKnown) {
        int flags = fieldsKnown ? ALL | Walk.RAW : ALL | Walk.RAW | Walk.UNKNOWN | Walk.ANYS;
        return walk(type, bytes, path, flags);
    }

    /**
     * Checks a resource of its own.
     *
     * @param bytes that it was read from
     */
    public Findings check(Message message, ByteString bytes) {
        return check(ApiTable.of(message), bytes, "", false);
    }

    private Findings walk(MessageType type, ByteString bytes, String path, int flags) {
        Findings findings = new Findings();
        new Walk(findings, declared, types::message).root(type, bytes, path, flags);
        return findings.complete();
    }
}
