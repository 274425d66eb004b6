package dev.attache.proxy.upstream.spec;

/**
 * The place of a cache of names that clusters and filters share: all who name it with the same
 * settings hold the same object. What serves takes the cache itself from it.
 */
public interface DnsCacheSlot {

    DnsCacheSpec spec();
}
