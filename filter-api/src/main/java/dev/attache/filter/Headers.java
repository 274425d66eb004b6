package dev.attache.filter;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fields of a head or of trailers, in order. Names are lower case, and made so where they are
 * written otherwise; pseudo-headers begin with a colon ({@code :method}, {@code :path}, {@code
 * :authority}, {@code :scheme}, {@code :status}). Values are octets, one in each character (ISO
 * 8859-1); a value with any other character is set as its UTF-8 octets. A name that no field can
 * have (RFC 9110 section 5.6.2) is an {@link IllegalArgumentException} wherever it is given.
 * Belongs to its stream; on the thread that the stream's methods are called on, and not after its
 * end.
 */
@Stable(since = "0.1")
public interface Headers {

    /** The first value, or null. */
    @Nullable String get(String name);

    /** All values, in order. */
    List<String> values(String name);

    boolean contains(String name);

    /**
     * Puts one field in the place of all of that name.
     *
     * @throws IllegalArgumentException a line end or NUL is in the value
     */
    void set(String name, String value);

    /**
     * Adds a field, or joins the value to the one that is there where the protocol wants one field
     * of that name.
     *
     * @throws IllegalArgumentException a line end or NUL is in the value
     */
    void add(String name, String value);

    /** Removes all fields of that name; whether there was one. */
    boolean remove(String name);

    /** How many fields there are. */
    int size();

    /**
     * Calls {@code field} with name and value of each, in order; they must not change meanwhile.
     */
    void forEach(BiConsumer<String, String> field);
}
