package dev.attache.config.listener;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Fingerprints of messages: equal for equal messages, whatever the order of their map entries. */
final class Fingerprints {
    private static final Comparator<Object> BY_BYTES =
            (a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b));

    private Fingerprints() {}

    /** The same for messages that differ in nothing but the order of their lists, too. */
    static String ofUnordered(Message message) {
        return of(sorted(message));
    }

    private static Message sorted(Message message) {
        Message.Builder builder = message.toBuilder();
        message.getAllFields()
                .forEach((field, value) -> {
                    boolean messages = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
                    if (field.isMapField()) {
                        return;
                    }
                    if (field.isRepeated()) {
                        List<Object> items = new ArrayList<>();
                        for (Object item : (List<?>) value) {
                            items.add(messages ? sorted((Message) item) : item);
                        }
                        items.sort(BY_BYTES);
                        builder.setField(field, items);
                    } else if (messages) {
                        builder.setField(field, sorted((Message) value));
                    }
                });
        return builder.build();
    }

    private static byte[] bytes(Object item) {
        return item instanceof Message message
                ? message.toByteArray()
                : item.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String of(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes.toByteArray()), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
