package dev.attache.api;

/** Where the types come from that fields refer to. Safe for use from several threads. */
interface TypeSource {
    /**
     * @param id as the field has it
     */
    MessageType message(int id);

    /**
     * @param id as the field has it
     */
    EnumType enumeration(int id);
}
