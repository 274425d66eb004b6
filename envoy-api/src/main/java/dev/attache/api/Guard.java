package dev.attache.api;

/**
 * Why a field that nobody knows may not be passed over in a message, whoever allows it elsewhere.
 */
public enum Guard {
    /** It may. */
    NONE,
    /** Without the field a matcher would take what it should not. */
    MATCHER,
    /** Without the field somebody would be let in who should not be. */
    SECURITY
}
