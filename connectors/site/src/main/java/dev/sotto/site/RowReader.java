package dev.sotto.site;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A format of data files. Stateless. */
interface RowReader {
    /** Receives a file's rows in order. */
    interface Rows {
        /** A row; a value is null if the row has no such column. */
        void row(long line, @Nullable String text, @Nullable String label);

        /** A row that is not one. */
        void bad(long line, String reason);
    }

    /**
     * Reads all rows.
     *
     * @throws DataException if no row after a certain place can be read
     */
    void read(InputStream in, String textColumn, String labelColumn, Rows rows) throws IOException;
}
