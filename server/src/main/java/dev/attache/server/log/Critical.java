package dev.attache.server.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** SLF4J has no level above error; an error with this marker is logged as critical. */
public final class Critical {

    public static final Marker MARKER = MarkerFactory.getMarker("CRITICAL");

    private Critical() {}

    static boolean is(@Nullable Marker marker) {
        return marker != null && marker.getName().equals("CRITICAL");
    }
}
