"""What changes what is watched over: tasks, interviews, overrides of gates?"""
