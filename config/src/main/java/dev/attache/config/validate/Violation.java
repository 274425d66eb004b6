package dev.attache.config.validate;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.FieldPlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A constraint that does not hold.
 *
 * @param place of the message
 * @param spot what in it
 * @param reason what Envoy says of it
 */
record Violation(FieldPlace place, MessageType type, Spot spot, String reason)
        implements Comparable<Violation> {
    /** What a required oneof says when nothing of it is set; stands without the usual prefix. */
    static final String ONEOF_REQUIRED = "is required";

    /**
     * @param order the field's place among those of its message; oneofs come behind all fields
     * @param index of a value; negative for the field as a whole
     * @param name of the field, with index or key, or of the oneof
     */
    record Spot(int order, int index, String name) {}

    String path() {
        return place.path(spot.name());
    }

    /** As Envoy words it. */
    String text() {
        String last =
                reason.equals(ONEOF_REQUIRED)
                        ? "field: \"" + spot.name() + "\", reason: " + reason
                        : type.name() + "ValidationError." + camelCase(spot.name()) + ": " + reason;
        return "Proto constraint validation failed (" + chain(place) + last + ")";
    }

    /** From the outermost message in, which field's content does not hold. */
    private static String chain(FieldPlace place) {
        FieldPlace above = place.above();
        FieldType field = place.field();
        if (above == null || field == null) {
            return "";
        }
        return chain(above)
                + field.owner().name()
                + "ValidationError."
                + camelCase(field.name())
                + place.suffix()
                + ": embedded message failed validation | caused by ";
    }

    /** {@code filter_chains} as {@code FilterChains}; an index behind the name stays. */
    private static String camelCase(String name) {
        StringBuilder camel = new StringBuilder(name.length());
        boolean upper = true;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }

    /**
     * In the order in which Envoy would find them: a message's own fields as they are declared, its
     * oneofs, then what its fields hold.
     */
    @Override
    public int compareTo(Violation other) {
        List<FieldPlace> places = places(place);
        List<FieldPlace> others = places(other.place);
        int level = 0;
        while (level < places.size() && level < others.size()) {
            int order = compare(places.get(level), others.get(level));
            if (order != 0) {
                return order;
            }
            level++;
        }
        if (places.size() != others.size()) {
            return Integer.compare(places.size(), others.size());
        }
        int order = Integer.compare(spot.order(), other.spot.order());
        return order != 0 ? order : Integer.compare(spot.index(), other.spot.index());
    }

    /** From the root's first field in. */
    private static List<FieldPlace> places(FieldPlace place) {
        List<FieldPlace> places = new ArrayList<>();
        FieldPlace at = place;
        for (FieldPlace above = at.above(); above != null; above = at.above()) {
            places.add(at);
            at = above;
        }
        Collections.reverse(places);
        return places;
    }

    private static int compare(FieldPlace a, FieldPlace b) {
        int order = Integer.compare(order(a), order(b));
        if (order != 0) {
            return order;
        }
        if (a.key() instanceof Integer x && b.key() instanceof Integer y) {
            return Integer.compare(x, y);
        }
        return String.valueOf(a.key()).compareTo(String.valueOf(b.key()));
    }

    private static int order(FieldPlace place) {
        FieldType field = place.field();
        return field == null ? -1 : field.owner().fields().indexOf(field);
    }
}
