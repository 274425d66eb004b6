package dev.attache.filters.http.author.stream;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * The engine's names for those that authors write as text: the same few for each request. Two that
 * fall on one place take turns in it. Of one worker, or of one stream; not for several threads.
 */
public final class HeaderNames {
    private static final int PLACES = 64;

    private final @Nullable String[] texts = new @Nullable String[PLACES];
    private final @Nullable HeaderName[] names = new @Nullable HeaderName[PLACES];

    /**
     * The name that a text is, in whatever letters.
     *
     * @throws IllegalArgumentException no field can have it: written out, it could be two
     */
    public HeaderName of(String text) {
        int hash = text.hashCode();
        int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
        HeaderName known = names[place];
        if (known != null && text.equals(texts[place])) {
            return known;
        }
        if (!HeaderName.isValid(text)) {
            throw new IllegalArgumentException(
                    "not the name of a header, which has letters, digits and !#$%&'*+-.^_`|~ only: "
                            + JsonText.of(new MetadataValue.Text(text)));
        }
        HeaderName name = HeaderName.of(text);
        texts[place] = text;
        names[place] = name;
        return name;
    }
}
