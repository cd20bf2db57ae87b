package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rs/zerolog"
)

// FerretDB makes a collection in four steps and an index in two, without a
// transaction. A kill in between leaves a file that it refuses to open, a table
// that it then fails to create for ever, or a collection whose _id is not
// unique. None of these holds a document that was acknowledged, so each is put
// right before FerretDB opens the files.

// repairAll repairs every database in dir.
func repairAll(ctx context.Context, dir string, log zerolog.Logger) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"+fileSuffix))
	if err != nil {
		return fmt.Errorf("store: list %s: %w", dir, err)
	}
	for _, file := range files {
		db := strings.TrimSuffix(filepath.Base(file), fileSuffix)
		if err := repair(ctx, dir, db, log.With().Str("database", db).Logger()); err != nil {
			return fmt.Errorf("store: check %s after the last stop: %w", file, err)
		}
	}
	return nil
}

func repair(ctx context.Context, dir, db string, log zerolog.Logger) error {
	h, err := open(dir, db)
	if err != nil {
		return err
	}
	empty, err := repairTables(ctx, h, log)
	if err = errors.Join(err, h.Close()); err != nil || !empty {
		return err
	}
	log.Warn().Msg("removed a database file that was never finished")
	file := filepath.Join(dir, db+fileSuffix)
	for _, f := range []string{file + "-wal", file + "-shm", file} {
		if err := os.Remove(f); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// repairTables reports whether the file has no table at all.
func repairTables(ctx context.Context, h *sql.DB, log zerolog.Logger) (empty bool, err error) {
	tx, err := h.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	tables, err := names(ctx, tx, "table")
	if err != nil {
		return false, err
	}
	if len(tables) == 0 {
		return true, tx.Commit()
	}
	if _, ok := tables[metaTable]; !ok {
		return false, errors.New("it holds tables but is not a database of this store: move it away")
	}
	list, err := collections(ctx, tx)
	if err != nil {
		return false, err
	}
	r := &repairs{tx: tx, log: log}
	if r.indexes, err = names(ctx, tx, "index"); err != nil {
		return false, err
	}
	for _, c := range list {
		if err := r.collection(ctx, c, tables); err != nil {
			return false, fmt.Errorf("collection %s: %w", c.name, err)
		}
		delete(tables, c.table)
	}
	if err := r.orphans(ctx, tables); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

type repairs struct {
	tx      *sql.Tx
	log     zerolog.Logger
	indexes map[string]string
}

// collection puts one collection's indexes and what is said of them in step.
func (r *repairs) collection(ctx context.Context, c collection, tables map[string]string) error {
	if _, ok := tables[c.table]; !ok {
		return fmt.Errorf("its table %s is gone; move the file away and let the log fill the store again", c.table)
	}
	hasID := slices.ContainsFunc(c.settings.Indexes, func(i indexRow) bool { return i.Name == idIndex })
	if !hasID {
		return r.unmake(ctx, c)
	}
	kept := slices.DeleteFunc(slices.Clone(c.settings.Indexes), func(i indexRow) bool {
		_, ok := r.indexes[c.table+"_"+i.Name]
		return !ok
	})
	if len(kept) < len(c.settings.Indexes) {
		c.settings.Indexes = kept
		if !slices.ContainsFunc(kept, func(i indexRow) bool { return i.Name == idIndex }) {
			return errors.New("its unique index on _id is gone; move the file away and let the log fill the store again")
		}
		if err := r.save(ctx, c); err != nil {
			return err
		}
	}
	for name, table := range r.indexes {
		said := slices.ContainsFunc(kept, func(i indexRow) bool { return name == table+"_"+i.Name })
		if table != c.table || said || !strings.HasPrefix(name, table+"_") {
			continue
		}
		r.log.Warn().Str("collection", c.name).Str("index", name).Msg("removed an index that was never finished")
		if _, err := r.tx.ExecContext(ctx, "DROP INDEX "+quote(name)); err != nil {
			return err
		}
	}
	return nil
}

// unmake removes a collection that was never finished: FerretDB inserts only
// after the unique index on _id is there and noted.
func (r *repairs) unmake(ctx context.Context, c collection) error {
	n, err := r.count(ctx, c.table)
	if err != nil {
		return err
	}
	if n > 0 {
		return fmt.Errorf("it holds %d documents but no unique index on _id; move the file away and let the log fill the store again", n)
	}
	r.log.Warn().Str("collection", c.name).Msg("removed a collection that was never finished")
	if _, err := r.tx.ExecContext(ctx, "DELETE FROM "+quote(metaTable)+" WHERE table_name = ?", c.table); err != nil {
		return err
	}
	_, err = r.tx.ExecContext(ctx, "DROP TABLE "+quote(c.table))
	return err
}

// tableName is FerretDB's form: the collection's name and its hash.
var tableName = regexp.MustCompile(`(?s)^.+_[0-9a-f]{8}$`)

// orphans removes tables without a collection: one that was never finished is
// empty, one with documents was being dropped.
func (r *repairs) orphans(ctx context.Context, tables map[string]string) error {
	for t := range tables {
		if t == metaTable || !tableName.MatchString(t) {
			continue
		}
		n, err := r.count(ctx, t)
		if err != nil {
			return err
		}
		r.log.Warn().Str("table", t).Int64("documents", n).Msg("removed a table that belongs to no collection")
		if _, err := r.tx.ExecContext(ctx, "DROP TABLE "+quote(t)); err != nil {
			return err
		}
	}
	return nil
}

func (r *repairs) count(ctx context.Context, table string) (n int64, err error) {
	err = r.tx.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(table)).Scan(&n)
	return n, err
}

func (r *repairs) save(ctx context.Context, c collection) error {
	text, err := json.Marshal(c.settings)
	if err != nil {
		return err
	}
	_, err = r.tx.ExecContext(ctx, "UPDATE "+quote(metaTable)+" SET settings = ? WHERE table_name = ?", string(text), c.table)
	return err
}
