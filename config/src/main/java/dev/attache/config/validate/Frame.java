package dev.attache.config.validate;

import dev.attache.api.Support;
import dev.attache.config.FieldPlace;
import dev.attache.config.support.MessageSupport;
import dev.attache.config.validate.constraint.WireReader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One level of a {@link Walk}: a message, and the field of it that is being looked at. A walk keeps
 * one for each level and uses it for all messages there.
 */
final class Frame {
    private static final long[] NONE = {};

    /** The level of the message that holds this one; null at the root. */
    final @Nullable Frame above;

    final WireReader in = new WireReader();

    private final String root;
    private final int depth;
    private @Nullable Frame below;
    private @Nullable WireReader packed;
    private @Nullable MapEntry entry;
    private @Nullable MessagePlan plan;
    private @Nullable FieldPlace place;
    private long[] seen = NONE;

    /** What is looked for here, see {@link Walk}. */
    int flags;

    /** What an extension declares of the message, where the table does not. */
    @Nullable MessageSupport support;

    /** The field at hand, and the number of the last one. */
    @Nullable FieldPlan field;

    int lastNumber;

    /** Whether the fields that are left are known to be in order. */
    boolean canonical;

    /** Whether the field at hand is set: it has had a value. */
    boolean set;

    /** What is declared of the field at hand. */
    @Nullable Support status;

    /** How many values the field at hand has had before the one at hand. */
    int index;

    /** The values of the field at hand, where they must differ. */
    private @Nullable Set<Object> values;

    @Nullable SortedSet<Integer> unknown;

    private Frame(@Nullable Frame above, String root, int depth) {
        this.above = above;
        this.root = root;
        this.depth = depth;
    }

    static Frame root(String path) {
        return new Frame(null, path, 0);
    }

    /** The next level. */
    Frame below() {
        Frame known = below;
        if (known == null) {
            known = new Frame(this, "", depth + 1);
            below = known;
        }
        return known;
    }

    int depth() {
        return depth;
    }

    /** Begins a message, of which no field is at hand yet. */
    void open(MessagePlan message, int flags) {
        this.plan = message;
        this.flags = flags;
        place = null;
        field = null;
        support = null;
        lastNumber = 0;
        canonical = false;
        unknown = null;
        if (seen.length < message.words()) {
            seen = new long[message.words()];
        } else {
            Arrays.fill(seen, 0, message.words(), 0);
        }
    }

    MessagePlan plan() {
        return Objects.requireNonNull(plan);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Goes on to another field. */
    void begin(FieldPlan next) {
        field = next;
        set = false;
        status = null;
        index = -1;
        values = null;
    }

    /** The values of the field at hand so far. */
    Set<Object> values() {
        Set<Object> known = values;
        if (known == null) {
            known = new HashSet<>();
            values = known;
        }
        return known;
    }

    /** Whether what the field at hand holds is judged with it: it is refused, or has no effect. */
    boolean isJudged() {
        Support known = status;
        return known != null && known.status() != Support.Status.HONOURED;
    }

    FieldPlan field() {
        return Objects.requireNonNull(field);
    }

    void note(int bit) {
        if (bit >= 0) {
            seen[bit >> 6] |= 1L << bit;
        }
    }

    boolean isSet(int bit) {
        return (seen[bit >> 6] >>> bit & 1) != 0;
    }

    void noteUnknown(int number) {
        SortedSet<Integer> numbers = unknown;
        if (numbers == null) {
            numbers = new TreeSet<>();
            unknown = numbers;
        }
        numbers.add(number);
    }

    /** A reader for values of the field at hand that stand in one piece. */
    WireReader packed() {
        WireReader known = packed;
        if (known == null) {
            known = new WireReader();
            packed = known;
        }
        return known;
    }

    /** The entry at hand where the field at hand is a map. */
    MapEntry entry() {
        MapEntry known = entry;
        if (known == null) {
            known = new MapEntry();
            entry = known;
        }
        return known;
    }

    /** Of the message at hand. */
    FieldPlace place() {
        FieldPlace known = place;
        if (known == null) {
            if (above == null) {
                known = FieldPlace.root(root);
            } else {
                known = above.valuePlace();
            }
            place = known;
        }
        return known;
    }

    /** Of the field at hand as a whole. */
    FieldPlace fieldPlace() {
        return place().field(field().field());
    }

    /** Of the value at hand; of the message itself, as of an Any, where no field is at hand. */
    FieldPlace valuePlace() {
        if (field == null) {
            return place();
        }
        FieldPlan at = field();
        if (at.field().isMap()) {
            return place().item(at.field(), entry().key.shown());
        }
        return at.field().isRepeated() ? place().item(at.field(), index) : fieldPlace();
    }
}
