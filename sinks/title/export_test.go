package title

// known is up to where the worker knows the log.
func (w *Worker) known() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seq
}

// looked counts how often it has looked at what is due.
func (w *Worker) looked() uint64 { return w.looks.Load() }
