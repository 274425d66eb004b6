package dev.attache.api;

/** One value of an enum of the API. Immutable. */
public final class EnumValue {
    static final int DEPRECATED = 1;
    static final int DISALLOWED = 2;
    static final int NEWER = 4;

    private final EnumType type;
    private final String name;
    private final int number;
    private final int flags;

    EnumValue(EnumType type, String name, int number, int flags) {
        this.type = type;
        this.name = name;
        this.number = number;
        this.flags = flags;
    }

    public EnumType type() {
        return type;
    }

    public String name() {
        return name;
    }

    public int number() {
        return number;
    }

    /**
     * The value's name stands beside its enum's, not below it: so the language has it, and Envoy;
     * Java's descriptors do not.
     */
    public String fullName() {
        String enumeration = type.fullName();
        return enumeration.substring(0, enumeration.lastIndexOf('.') + 1) + name;
    }

    int flags() {
        return flags;
    }

    public boolean isDeprecated() {
        return (flags & DEPRECATED) != 0;
    }

    /** Deprecated, and refused unless the runtime allows it. */
    public boolean isDisallowed() {
        return (flags & DISALLOWED) != 0;
    }

    /** Whether the enum's class does not have this value. */
    public boolean isNewer() {
        return (flags & NEWER) != 0;
    }

    @Override
    public String toString() {
        return fullName();
    }
}
