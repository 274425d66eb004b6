package dev.attache.agent.bootstrap.template.function;

/** The type of a function's parameter. */
public enum Parameter {
    /** Any value. */
    ANY("interface {}"),
    /** Any value, or none. */
    VALUE("reflect.Value"),
    TEXT("string"),
    WHOLE("int"),
    REAL("float64"),
    TRUTH("bool"),
    MAP("map[string]interface {}"),
    LIST("[]interface {}");

    private final String type;

    Parameter(String type) {
        this.type = type;
    }

    /** As Go calls it. */
    public String type() {
        return type;
    }

    /** Whether {@code nil} is a value of it. */
    public boolean isNillable() {
        return this == ANY || this == VALUE || this == MAP || this == LIST;
    }

    /** Whether a value is of it. */
    public boolean takes(Object value) {
        return switch (this) {
            case ANY, VALUE -> true;
            case TEXT -> value instanceof String;
            case WHOLE -> value instanceof Long;
            case REAL -> value instanceof Double;
            case TRUTH -> value instanceof Boolean;
            case MAP -> value instanceof java.util.Map && !(value instanceof TextMap);
            case LIST -> value instanceof java.util.List;
        };
    }

    static Parameter of(char letter) {
        return switch (letter) {
            case 'a' -> ANY;
            case 'v' -> VALUE;
            case 's' -> TEXT;
            case 'i' -> WHOLE;
            case 'f' -> REAL;
            case 'b' -> TRUTH;
            case 'm' -> MAP;
            case 'l' -> LIST;
            default -> throw new IllegalArgumentException("no parameter: " + letter);
        };
    }
}
