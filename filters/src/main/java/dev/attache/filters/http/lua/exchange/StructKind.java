package dev.attache.filters.http.lua.exchange;

/** Which metadata an object of a script stands for; the number of each is its place. */
public enum StructKind {
    METADATA,
    CONTEXT,
    DYNAMIC,
    CONNECTION,
    ROUTE,
    VIRTUAL_HOST;

    private static final StructKind[] ALL = values();

    public static StructKind of(int number) {
        return ALL[number];
    }

    public static String table() {
        StringBuilder out = new StringBuilder("local STRUCT = {");
        for (StructKind kind : ALL) {
            out.append(kind.name()).append('=').append(kind.ordinal()).append(',');
        }
        return out.append("} ").toString();
    }
}
