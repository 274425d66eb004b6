package dev.attache.server.extension;

import dev.attache.server.plane.version.Recompilation;
import java.util.List;

/** What is compiled by users' extensions: the config plane. Main loop only. */
public interface ExtensionUsers {

    /** All that one loading of a jar has compiled: clusters, routes, listeners, in this order. */
    List<Recompilation> of(long generation);

    /** Of these, those that are compiled for the streams of older versions, too. */
    List<Recompilation> sharedOf(long generation);
}
