package dev.attache.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of the API. Immutable to whoever gets it; one object for each type. */
public final class MessageType {
    static final int UNCHECKED = 1;
    static final int NEWER = 2;
    static final int MAP_ENTRY = 4;

    /** The place of the {@link Guard} in the flags. */
    static final int GUARD_SHIFT = 3;

    private static final int GUARD_MASK = 3;
    private static final Guard[] GUARDS = Guard.values();

    /** Fields up to this number are found by an array. */
    private static final int DENSE = 512;

    private final String fullName;
    private final String file;
    private final @Nullable String className;
    private final int flags;
    private final List<FieldType> fields;
    private final List<OneofType> oneofs;
    private @Nullable FieldType[] byNumber = new @Nullable FieldType[0];

    /** Made when the first field is asked for by name. */
    private volatile @Nullable Map<String, FieldType> byName;

    MessageType(
            String fullName,
            String file,
            @Nullable String className,
            int flags,
            List<OneofType> oneofs,
            int fieldCount) {
        this.fullName = fullName;
        this.file = file;
        this.className = className;
        this.flags = flags;
        this.oneofs = oneofs;
        this.fields = new ArrayList<>(fieldCount);
    }

    /** For whoever builds this type, before anybody else sees it. */
    void add(TypeSource source, FieldType.Shape shape) {
        FieldType field = new FieldType(this, source, shape);
        fields.add(field);
        if (shape.oneof() != FieldType.Shape.NO_ONEOF) {
            oneofs.get(shape.oneof()).add(field);
        }
    }

    /** Ends the building. */
    MessageType complete() {
        int highest = -1;
        for (FieldType field : fields) {
            if (field.number() <= DENSE) {
                highest = Math.max(highest, field.number());
            }
        }
        byNumber = new @Nullable FieldType[highest + 1];
        for (FieldType field : fields) {
            if (field.number() <= DENSE) {
                byNumber[field.number()] = field;
            }
        }
        return this;
    }

    /** E.g. {@code envoy.config.cluster.v3.Cluster}. */
    public String fullName() {
        return fullName;
    }

    /** The last part of the full name. */
    public String name() {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }

    /** The proto file that declares it, e.g. {@code envoy/config/cluster/v3/cluster.proto}. */
    public String file() {
        return file;
    }

    /** The binary name of its class, or null where there is none. */
    public @Nullable String className() {
        return className;
    }

    /** In the order of their declaration, those that were added last. */
    public List<FieldType> fields() {
        return Collections.unmodifiableList(fields);
    }

    /** The field of that number, or null. */
    public @Nullable FieldType field(int number) {
        if (number >= 0 && number < byNumber.length) {
            return byNumber[number];
        }
        if (number > DENSE) {
            for (FieldType field : fields) {
                if (field.number() == number) {
                    return field;
                }
            }
        }
        return null;
    }

    /** The field of that name, as the proto file or as JSON has it, or null. */
    public @Nullable FieldType field(String protoOrJsonName) {
        Map<String, FieldType> names = byName;
        if (names == null) {
            names = names();
            byName = names;
        }
        return names.get(protoOrJsonName);
    }

    private Map<String, FieldType> names() {
        Map<String, FieldType> names = HashMap.newHashMap(fields.size() * 2);
        for (FieldType field : fields) {
            names.put(field.jsonName(), field);
        }
        for (FieldType field : fields) {
            names.put(field.name(), field);
        }
        return names;
    }

    public List<OneofType> oneofs() {
        return Collections.unmodifiableList(oneofs);
    }

    int flags() {
        return flags;
    }

    /** Whether the constraints of its fields are switched off. */
    public boolean unchecked() {
        return (flags & UNCHECKED) != 0;
    }

    /** What a field of it that nobody knows would do to whoever passes it over. */
    public Guard guard() {
        return GUARDS[flags >> GUARD_SHIFT & GUARD_MASK];
    }

    /** Whether there is no class for it. */
    public boolean isNewer() {
        return (flags & NEWER) != 0;
    }

    /** Whether it is key and value of a map field. */
    public boolean isMapEntry() {
        return (flags & MAP_ENTRY) != 0;
    }

    @Override
    public String toString() {
        return fullName;
    }
}
