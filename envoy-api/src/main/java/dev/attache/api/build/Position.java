package dev.attache.api.build;

/**
 * A line of the description of the API.
 *
 * @param file its name in the folder
 * @param line from 1
 */
record Position(String file, int line) {
    /** What is wrong here. */
    DescriptionException wrong(String what) {
        return new DescriptionException(this + ": " + what);
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
