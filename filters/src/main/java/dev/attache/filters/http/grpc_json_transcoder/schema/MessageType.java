package dev.attache.filters.http.grpc_json_transcoder.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message type. Immutable once its schema is complete. */
public final class MessageType {
    private final String fullName;
    private final boolean proto3;
    private final boolean mapEntry;
    private final WellKnown wellKnown;
    private final List<String> oneofs;
    private List<FieldType> fields = List.of();
    private final Map<String, FieldType> byJsonName = new HashMap<>();
    private final Map<String, FieldType> byName = new HashMap<>();
    private final Map<Integer, FieldType> byNumber = new HashMap<>();

    MessageType(String fullName, boolean proto3, boolean mapEntry, List<String> oneofs) {
        this.fullName = fullName;
        this.proto3 = proto3;
        this.mapEntry = mapEntry;
        this.wellKnown = WellKnown.of(fullName);
        this.oneofs = List.copyOf(oneofs);
    }

    /** Types refer to one another: fields come when all types are known. */
    void complete(List<FieldType> declared) {
        fields =
                declared.stream()
                        .sorted((a, b) -> Integer.compare(a.number(), b.number()))
                        .toList();
        for (FieldType field : declared) {
            byJsonName.putIfAbsent(field.jsonName(), field);
            byName.put(field.name(), field);
            byNumber.put(field.number(), field);
        }
    }

    public String fullName() {
        return fullName;
    }

    public String typeUrl() {
        return Schema.TYPE_URL_PREFIX + fullName;
    }

    public boolean isProto3() {
        return proto3;
    }

    public boolean isMapEntry() {
        return mapEntry;
    }

    public WellKnown wellKnown() {
        return wellKnown;
    }

    /** Names, by index. */
    public List<String> oneofs() {
        return oneofs;
    }

    /** By number. */
    public List<FieldType> fields() {
        return fields;
    }

    /** By its name in JSON, or as declared. */
    public @Nullable FieldType field(String name) {
        FieldType field = byJsonName.get(name);
        return field != null ? field : byName.get(name);
    }

    public @Nullable FieldType field(int number) {
        return byNumber.get(number);
    }

    /** A field that messages of a well-known type have. */
    public FieldType mustHave(int number) {
        FieldType field = byNumber.get(number);
        if (field == null) {
            throw new IllegalStateException(fullName + " has no field " + number);
        }
        return field;
    }
}
