"""The OCR engine behind `agents.extraction.scan.port.Recognizer`, and the reader of the child process that has one."""
