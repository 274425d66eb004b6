package dev.attache.conformance.generated;

/** Makes up cases of one kind. */
interface Area {
    /** Writes configuration and script; the same draft chances give the same case. */
    void write(Draft draft);
}
