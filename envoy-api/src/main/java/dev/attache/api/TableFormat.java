package dev.attache.api;

/**
 * How the table is written. Numbers are variable-length as in protobuf unless a size is given;
 * strings are offsets into the pool, where each stands once, as length and UTF-8; 0 is the empty
 * string.
 *
 * <pre>
 * header   6 × 4 bytes: magic, messages, enums, message slots, enum slots, offset of the pool
 * slots    2 bytes each: the id + 1 of the type whose name's hash leads here, or 0 (see slot)
 * offsets  4 bytes each, by id: where the record of the type starts
 * message  4 bytes: hash of the full name; package with dot, rest of the name, flags, file,
 *          class name (or 0: as JavaNames has it), oneofs, fields
 * oneof    name, whether one field must be set
 * field    number, name, flags and, each if its flag is set: JSON name, oneof, id of the type,
 *          length and bytes of validate.FieldRules, status and note of the support
 *          and the names of the newer values that it includes
 * enum     4 bytes: hash of the full name; package with dot, rest of the name, file, values
 * value    name, number (zigzag), flags
 * pool     the strings
 * </pre>
 */
final class TableFormat {
    /** Name of the resource, beside these classes. */
    static final String RESOURCE = "api.table";

    static final int MAGIC = 0x41504931;
    static final int HEADER = 24;

    /** Flags that only say what a field's record holds; the others are those of the field. */
    static final int JSON_NAME = 1 << 16;

    static final int ONEOF = 1 << 17;
    static final int TYPE = 1 << 18;
    static final int RULES = 1 << 19;
    static final int SUPPORT = 1 << 20;

    static final Support.Status[] STATUSES = Support.Status.values();

    private TableFormat() {}

    /** The slot, before it is cut to their number, at which the search for a name starts. */
    static int slot(int hash) {
        return hash ^ hash >>> 15;
    }
}
