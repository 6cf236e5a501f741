"""Training: the only room where TensorFlow and Keras live, loaded when a training is called."""
